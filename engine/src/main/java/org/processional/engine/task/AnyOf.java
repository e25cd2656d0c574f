// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The first result of several tasks, or the first failure if there is no result.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <P> the results of the parts, and of this
 */
final class AnyOf<P extends @Nullable Object> extends Combined<P, P> {
    private final int size;
    private final Set<CoreTask<P>> failed = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Failure> first = new AtomicReference<>();

    AnyOf(List<CoreTask<P>> parts) {
        super(parts);
        size = (int) parts.stream().distinct().count();
    }

    @Override
    void partEnded(CoreTask<P> part) {
        if (part.outcome() instanceof Failure failure) {
            partFailed(part, failure);
        } else if (!isDone()) {
            Completions.run(() -> partSeen(part));
        }
    }

    @Override
    void partSeen(CoreTask<P> part) {
        Object value = part.settled();
        if (value instanceof Failure failure) {
            partFailed(part, failure);
        } else if (succeed(part.cast(value))) {
            passOver();
            over();
        }
    }

    private void partFailed(CoreTask<P> part, Failure failure) {
        first.compareAndSet(null, failure);
        failed.add(part);
        if (failed.size() == size) {
            Failure told = first.get();
            failAs(told == null ? failure : told);
        }
        if (isDone() && !(outcome() instanceof Failure)) {
            passOver();
        }
    }

    /** With a result, the failures of the others are nobody's any more. */
    private void passOver() {
        for (CoreTask<P> part : failed) {
            if (part.settled() instanceof Failure failure) {
                failure.markSeen();
            }
        }
        failed.clear();
    }
}
