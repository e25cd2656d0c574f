// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/**
 * Work with file channels, which an interrupt closes: it is done anew then, and the interrupt stays set for whoever waits
 * next.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Undisturbed {
    /** Opens what it needs if that is closed. */
    interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private Undisturbed() {}

    static <T extends @Nullable Object> T run(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException | FileLockInterruptionException e) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
