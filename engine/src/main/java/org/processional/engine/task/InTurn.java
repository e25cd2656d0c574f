// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;

/**
 * Work that nobody waits for, done piece by piece: however much there is, it takes one thread of {@link Completions}.
 *
 * <p><b>Threads:</b> from any thread. A piece that throws is logged.
 */
public final class InTurn {
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private boolean running; // guarded by this

    /** Nothing to do. */
    public InTurn() {}

    /** Does a piece when those before it are done. */
    public void run(Runnable piece) {
        synchronized (this) {
            waiting.add(piece);
            if (running) {
                return;
            }
            running = true;
        }
        Completions.run(this::runAll);
    }

    private void runAll() {
        for (Runnable piece = next(); piece != null; piece = next()) {
            try {
                piece.run();
            } catch (RuntimeException | Error e) { // the others are to be done all the same
                Log.engine().debug("what nobody waits for has failed", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable piece = waiting.poll();
        running = piece != null;
        return piece;
    }
}
