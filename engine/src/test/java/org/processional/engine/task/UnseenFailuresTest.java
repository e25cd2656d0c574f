// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Task;
import org.processional.ThreadOptions;
import org.processional.engine.testing.ChildJvm;
import org.processional.engine.testing.Collecting;
import org.processional.engine.testing.LogCapture;
import org.processional.engine.thread.Threads;

@Timeout(120)
class UnseenFailuresTest {
    private static Task<Object> failing(String message) {
        Task<Object> task = new Threads().thread(ThreadOptions.defaults(), () -> {
            throw new IllegalStateException(message);
        });
        while (!task.isDone()) {
            Thread.yield();
        }
        return task;
    }

    @Test
    void t5_aDroppedFailingTaskIsReported() {
        try (LogCapture log = new LogCapture()) {
            failing("nobody saw this");
            Collecting.until(() -> log.text().contains("UnseenFailuresTest.java")); // the stack comes line by line
            assertThat(log.text()).contains("nobody asked").contains("IllegalStateException: nobody saw this");
        }
    }

    @Test
    void t5_aFailureThatWasSeenIsNotReported() {
        try (LogCapture log = new LogCapture()) {
            WeakReference<Task<Object>> gone = new WeakReference<>(seen());
            Collecting.until(() -> gone.get() == null);
            failing("the later one");
            Collecting.until(() -> log.text().contains("the later one"));
            assertThat(log.text()).doesNotContain("seen already");
        }
    }

    private static Task<Object> seen() {
        Task<Object> task = failing("seen already");
        try {
            task.await();
        } catch (IllegalStateException e) {
            return task;
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void t5_theEndOfTheJvmReportsWhatNobodySaw() throws Exception {
        assertThat(ChildJvm.run(EndsWithUnseenFailure.class))
                .contains("nobody asked for its result")
                .contains("kept until the end")
                .doesNotContain("this one was seen");
    }

    /** Keeps a failed task until its end, and looks at another. */
    static final class EndsWithUnseenFailure {
        static Task<Object> kept; // by main only

        public static void main(String[] args) {
            kept = failing("kept until the end");
            try {
                failing("this one was seen").await();
            } catch (IllegalStateException e) {
                return;
            }
        }
    }
}
