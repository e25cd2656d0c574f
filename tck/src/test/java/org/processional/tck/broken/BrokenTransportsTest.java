// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The kit, tested by transports with one fault each: each fails the rule that it breaks, and no other. */
class BrokenTransportsTest {
    private static Fault fault = Fault.NONE; // of the rules that run now

    /** The rules over a transport with a fault; run by this test alone. */
    static class Rules extends PollableTransportRules {
        private final BrokenTransport transport = new BrokenTransport(fault);

        @Override
        protected PollableTransport transport() {
            return transport;
        }

        @Override
        protected Optional<List<String>> otherJvm() {
            return Optional.empty(); // it does not leave this JVM
        }
    }

    @AfterAll
    static void letGo() {
        BrokenTransport.OVER.countDown();
    }

    /** What is not broken by a fault, and the rig itself, break no rule. */
    @Test
    void withoutAFaultNoneFails() {
        fault = Fault.NONE;
        assertThat(Inner.failed(Rules.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachFailsItsRuleAlone(Fault broken) {
        fault = broken;
        assertThat(Inner.failed(Rules.class, broken.rule()))
                .singleElement()
                .asString()
                .startsWith(broken.rule() + "_");
    }
}
