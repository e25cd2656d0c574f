// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The results of all tasks, or the first failure.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <P> the results of the parts
 */
final class AllOf<P extends @Nullable Object> extends Combined<P, List<P>> {
    private final AtomicInteger left;

    AllOf(List<CoreTask<P>> parts) {
        super(parts);
        left = new AtomicInteger(parts.size());
        if (parts.isEmpty()) {
            succeed(List.of());
        }
    }

    @Override
    void partEnded(CoreTask<P> part) {
        boolean last = left.decrementAndGet() == 0;
        if (part.outcome() instanceof Failure failure) {
            failAs(failure);
        } else if (last) {
            Completions.run(this::gather);
        }
    }

    @Override
    void partSeen(CoreTask<P> part) {
        if (left.get() == 0) {
            gather();
        }
    }

    /** Decodes what came as bytes; by the pool, or by a thread that waits. */
    private void gather() {
        List<CoreTask<P>> ended = parts();
        List<P> results = new ArrayList<>(ended.size());
        for (CoreTask<P> part : ended) {
            if (part.settled() instanceof Failure failure) {
                failAs(failure);
                return;
            }
            results.add(part.cast(part.settled()));
        }
        if (succeed(Collections.unmodifiableList(results))) {
            over();
        }
    }
}
