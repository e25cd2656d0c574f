// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.channels.ClosedByInterruptException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.TaskInterruptedException;
import org.processional.WaitInterruptedException;

/**
 * A region in which the thread's interrupt flag is clear, and after which it is what it should be. A class whose load an
 * interrupt ends could never be loaded again: the JVM keeps the failure.
 *
 * <p><b>Threads:</b> the one that made it.
 */
final class Uninterrupted implements AutoCloseable {
    private static final int MOST_TRIES = 10_000;

    private boolean interrupted = Thread.interrupted();

    /** Asks, and asks again as often as an interrupt ends that. */
    <T> T ask(Supplier<T> question) {
        for (int tries = 1; ; tries++) {
            try {
                return question.get();
            } catch (ProcessionalException e) {
                boolean flag = Thread.interrupted();
                interrupted |= flag;
                if (!flag && !isInterrupt(e) || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static boolean isInterrupt(@Nullable Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof InterruptedException
                    || e instanceof ClosedByInterruptException
                    || e instanceof WaitInterruptedException
                    || e instanceof TaskInterruptedException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
