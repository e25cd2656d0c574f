// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTracesTest {
    private static final StackTraceElement[] SITE = {new StackTraceElement("app.Main", "main", "Main.java", 7)};

    @Test
    void appendsOnceWithAMarkerAndLeavesCausesAlone() {
        Exception cause = new Exception("cause");
        Exception error = new Exception("error", cause);
        int inner = error.getStackTrace().length;
        int causes = cause.getStackTrace().length;
        StackTraces.append(error, SITE, "thread t");
        StackTraces.append(error, SITE, "thread u");
        assertThat(error.getStackTrace()).hasSize(inner + 2).endsWith(SITE);
        assertThat(error.getStackTrace()[inner].toString())
                .contains("processional")
                .contains("thread t");
        assertThat(cause.getStackTrace()).hasSize(causes);
    }

    @Test
    void leavesAnErrorAloneWhoseTraceIsNotWritable() {
        Exception error = new Exception("error", null, false, false) {
            private static final long serialVersionUID = 1L;
        };
        StackTraces.append(error, SITE, "thread t");
        assertThat(error.getStackTrace()).isEmpty();
    }

    @Test
    void theSubmitSiteBeginsBelowTheEntry() {
        assertThat(Entry.enter()[0].getMethodName()).isEqualTo("theSubmitSiteBeginsBelowTheEntry");
    }

    private static final class Entry {
        static StackTraceElement[] enter() {
            return within();
        }

        private static StackTraceElement[] within() {
            return StackTraces.submitSite(Entry.class);
        }
    }
}
