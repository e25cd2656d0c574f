// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Tests that are run by a test, whose failures are what it expects.
 *
 * <p><b>Threads:</b> JUnit's.
 */
final class Inner {
    private static final String PATIENCE_PROPERTY = "processional.tck.seconds";

    /** Whether each fault meets all rules, or the one that finds it alone. */
    private static final boolean FULL = Integer.getInteger("processional.rounds.percent", 10) == 100;

    /** How many seconds the rule waits for what does not come, and the others for what comes on a loaded machine. */
    private static final double PATIENCE = FULL ? 3 : 0.25;

    private Inner() {}

    /** Runs all rules of a class, and tells which failed: the name of the method, and why. */
    static List<String> failed(Class<?> rules) {
        return failed(rules, ".*", 20);
    }

    /** Runs the rules that a fault of one of them meets. */
    static List<String> failed(Class<?> rules, String one) {
        return failed(rules, FULL ? ".*" : one + "_.*", PATIENCE);
    }

    private static List<String> failed(Class<?> rules, String names, double patience) {
        List<String> failed = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        String before = System.getProperty(PATIENCE_PROPERTY);
        System.setProperty(PATIENCE_PROPERTY, Double.toString(patience));
        try {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(rules))
                    .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                            !test.isTest() || test.getDisplayName().matches(names)))
                    .build();
            LauncherFactory.create().execute(request, new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (!test.isTest()) {
                        return;
                    }
                    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                        failed.add(test.getDisplayName() + ": "
                                + result.getThrowable().orElseThrow());
                    } else {
                        passed.add(test.getDisplayName());
                    }
                }
            });
        } finally {
            if (before == null) {
                System.clearProperty(PATIENCE_PROPERTY);
            } else {
                System.setProperty(PATIENCE_PROPERTY, before);
            }
        }
        assertThat(failed.size() + passed.size()).as("rules that ran").isPositive();
        return failed;
    }
}
