// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Completions;

/**
 * The home of an object that was exported: an executor, on which the requests of each connection run one at a time, in
 * their order.
 *
 * <p><b>Threads:</b> from any thread; nothing is called with the lock held.
 */
final class Lanes implements Home {
    /** How many requests run before the executor may do something else. */
    private static final int BATCH = 64;

    private final Executor executor;

    /** By connection, while a request of it runs or waits; guarded by this. */
    private final Map<Peer, ArrayDeque<Request>> lanes = new HashMap<>();

    Lanes(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void add(Request request) {
        synchronized (this) {
            ArrayDeque<Request> lane = lanes.get(request.peer());
            if (lane != null) {
                lane.add(request);
                return;
            }
            lanes.put(request.peer(), new ArrayDeque<>());
        }
        startAway(request);
    }

    /** Starts it, but not in a thread of others: an executor of the user may run it at once, or wait for room. */
    private void startAway(Request request) {
        if (executor == Completions.POOL) {
            start(request);
        } else {
            Completions.run(() -> start(request));
        }
    }

    private void start(Request first) {
        Request next = first;
        while (next != null) {
            Request request = next;
            try {
                if (executor instanceof ExecutorService service && service.isShutdown()) {
                    throw new RejectedExecutionException("the executor of the exported object is shut down");
                }
                executor.execute(() -> run(request));
                return;
            } catch (RuntimeException | Error e) { // it is shut down, say; nobody may wait for ever
                request.refuse(e);
                next = after(request);
            }
        }
    }

    private void run(Request first) {
        Request next = first;
        for (int left = BATCH; next != null && left > 0; left--) {
            next.run();
            next = after(next);
        }
        if (next != null) {
            startAway(next);
        }
    }

    private synchronized @Nullable Request after(Request request) {
        ArrayDeque<Request> lane = lanes.get(request.peer());
        Request next = lane == null ? null : lane.poll();
        if (next == null) {
            lanes.remove(request.peer());
        }
        return next;
    }
}
