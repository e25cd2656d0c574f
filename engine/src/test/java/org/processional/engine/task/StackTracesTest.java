// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StackTracesTest {
    private static final StackTraceElement[] SITE = {new StackTraceElement("app.Main", "main", "Main.java", 7)};

    private static void append(Throwable error, String where) {
        StackTraces.append(error, where, StackTraces.ASKED_FOR_BY, SITE);
    }

    @Test
    void appendsAPartForEachBorderAndLeavesCausesAlone() {
        Exception cause = new Exception("cause");
        Exception error = new Exception("error", cause);
        int inner = error.getStackTrace().length;
        int causes = cause.getStackTrace().length;
        append(error, "thread t");
        append(error, "process 7");
        assertThat(error.getStackTrace()).hasSize(inner + 4).endsWith(SITE);
        assertThat(error.getStackTrace()[inner]).hasToString("--- processional.invoke(ran in thread t, asked for by)");
        assertThat(error.getStackTrace()[inner + 2].toString()).contains("ran in process 7");
        assertThat(cause.getStackTrace()).hasSize(causes);
    }

    @Test
    void anErrorThatIsThrownAgainAndAgainDoesNotGrowForEver() {
        Exception error = new Exception("error");
        int inner = error.getStackTrace().length;
        append(error, "thread t");
        append(error, "thread t");
        assertThat(error.getStackTrace()).as("the same part twice").hasSize(inner + 2);
        for (int i = 0; i < 100; i++) {
            append(error, "thread " + i);
        }
        assertThat(error.getStackTrace()).hasSize(inner + 2 * 16);
    }

    @Test
    void leavesAnErrorAloneWhoseTraceIsNotWritable() {
        Exception error = new Exception("error", null, false, false) {
            private static final long serialVersionUID = 1L;
        };
        append(error, "thread t");
        assertThat(error.getStackTrace()).isEmpty();
    }

    @Test
    void anErrorThatFailsWhenAskedForItsTraceIsLeftAlone() {
        Exception error = new Exception("error") {
            private static final long serialVersionUID = 1L;

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("on purpose");
            }
        };
        append(error, "thread t");
        assertThat(error).hasMessage("error");
    }

    @Test
    void theSubmitSiteBeginsBelowTheEngine() {
        Throwable inside = new Throwable();
        StackTraceElement[] frames = {
            new StackTraceElement("org.processional.engine.peer.Peer", "request", "Peer.java", 1),
            new StackTraceElement("org.processional.Processional", "thread", "Processional.java", 2),
            SITE[0],
            new StackTraceElement("org.processional.engine.thread.TaskQueue", "run", "TaskQueue.java", 3),
        };
        inside.setStackTrace(frames);
        assertThat(StackTraces.submitSite(inside)).isEqualTo(Arrays.copyOfRange(frames, 2, 4));
    }
}
