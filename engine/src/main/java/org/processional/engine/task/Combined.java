// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.Task;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;

/**
 * Several tasks as one.
 *
 * <p>Its parts tell it of their end. Who waits for it waits for its parts, one after the other: that is how a waiting
 * thread reads answers, serves its chain, and learns that it would wait for itself. It need not watch them all at once,
 * since the part that decides the end makes this end, and the rest is cancelled then, the one that is waited for too.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <P> the results of the parts
 * @param <T> the result
 */
public abstract class Combined<P extends @Nullable Object, T extends @Nullable Object> extends CoreTask<T> {
    /** How often to look whether a part is the last one that is open. */
    private static final long LOOK_NANOS = 1_000_000_000;

    private volatile List<CoreTask<P>> parts; // emptied at the end, by who ended it
    private volatile List<CoreTask<P>> stopped = List.of(); // at the end, those that had not; written by who ended it

    Combined(List<CoreTask<P>> parts) {
        this.parts = parts;
    }

    /** All results; {@link Task#all(Collection)}. */
    public static <T extends @Nullable Object> Task<List<T>> all(Collection<? extends Task<? extends T>> tasks) {
        AllOf<T> all = new AllOf<>(Combined.<T>parts(tasks));
        all.begin();
        return all;
    }

    /** The first result; {@link Task#any(Collection)}. */
    public static <T extends @Nullable Object> Task<T> any(Collection<? extends Task<? extends T>> tasks) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("no tasks: the first result of none would never come; give one or more");
        }
        AnyOf<T> any = new AnyOf<>(Combined.<T>parts(tasks));
        any.begin();
        return any;
    }

    /** The results as a stream; {@link Task#results(Collection)}. */
    public static <T> Flow.Publisher<T> results(Collection<? extends Task<? extends T>> tasks) {
        List<CoreTask<T>> parts = Combined.<T>parts(tasks);
        return subscriber -> new ResultStream<>(parts, subscriber).begin();
    }

    @SuppressWarnings("unchecked") // a task only gives out its result
    private static <P extends @Nullable Object> List<CoreTask<P>> parts(Collection<? extends Task<? extends P>> tasks) {
        List<CoreTask<P>> parts = new ArrayList<>(tasks.size());
        for (Task<? extends P> task : tasks) {
            parts.add(task instanceof CoreTask<?> own ? (CoreTask<P>) own : new ForeignTask<>((Task<P>) task));
        }
        return List.copyOf(parts);
    }

    final void begin() {
        for (CoreTask<P> part : parts) {
            part.atEnd(() -> partEnded(part));
        }
    }

    /** A part has ended, in the thread that ended it: nothing may block, or run code of a user. Once for each part. */
    abstract void partEnded(CoreTask<P> part);

    /** A part has ended, in a thread that waits for this, which may decode its result. At least once, if at all. */
    abstract void partSeen(CoreTask<P> part);

    /** This was ended by the calling thread: lets go of the parts, and cancels those that have not ended. */
    final void over() {
        List<CoreTask<P>> rest = letGo();
        if (!rest.isEmpty()) {
            Completions.run(() -> cancel(rest, Cancel.interrupt())); // the calling thread may be one that reads
        }
    }

    /** Lets go of the parts but for those that have not ended: they are told to stop now, and perhaps more than once. */
    private List<CoreTask<P>> letGo() {
        List<CoreTask<P>> rest = new ArrayList<>();
        for (CoreTask<P> part : parts) {
            if (!part.isDone()) {
                rest.add(part);
            }
        }
        stopped = rest;
        parts = List.of();
        return rest;
    }

    private static <P extends @Nullable Object> void cancel(List<CoreTask<P>> tasks, Cancel how) {
        for (CoreTask<P> task : tasks) {
            try {
                task.cancel(how);
            } catch (RuntimeException e) { // of somebody else's task; the others are cancelled nevertheless
                Log.engine().warn("a task could not be cancelled", e);
            }
        }
    }

    @Override
    public final boolean cancel(Cancel how) {
        require(how);
        boolean ended = fail(Failure.cancelled());
        cancel(ended ? letGo() : stopped, how); // again: to go further with those that do not stop
        return ended;
    }

    @Override
    protected final void require(Cancel how) {
        for (CoreTask<P> part : parts) {
            part.require(how);
        }
        for (CoreTask<P> part : stopped) {
            part.require(how);
        }
    }

    /** Empty: its parts tell, each for itself. */
    @Override
    public final Optional<Cancel.Rung> endedBy() {
        return Optional.empty();
    }

    @Override
    public final void interrupt() {
        for (CoreTask<P> part : parts) {
            part.interrupt();
        }
        for (CoreTask<P> part : stopped) {
            part.interrupt();
        }
    }

    @Override
    protected final boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
        for (CoreTask<P> part : parts) {
            if (!isDone()) {
                if (!awaitPart(part, timed, deadlineNanos)) {
                    return false;
                }
                partSeen(part);
            }
        }
        return parkUntilEnd(timed, deadlineNanos);
    }

    /** A wait without a limit may be refused, as one in a circle: so there are limits as long as another part may end this. */
    private boolean awaitPart(CoreTask<P> part, boolean timed, long deadlineNanos) throws InterruptedException {
        while (!timed && !part.isDone() && !isLastOpen(part)) {
            if (part.awaitEnd(true, EngineTime.nanos() + LOOK_NANOS)) {
                return true;
            }
        }
        return part.isDone() || part.awaitEnd(timed, deadlineNanos);
    }

    /** Whether all others have ended. From the last on, where the next one that has not is mostly near. */
    private boolean isLastOpen(CoreTask<P> part) {
        List<CoreTask<P>> all = parts;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i) != part && !all.get(i).isDone()) {
                return false;
            }
        }
        return true;
    }

    /** The parts; none after the end. */
    final List<CoreTask<P>> parts() {
        return parts;
    }

    /** Ends this as a part did, unless it has ended: from then on it is this whose failure somebody has to see. */
    final void failAs(Failure failure) {
        if (isDone()) {
            return;
        }
        if (fail(failure.kind() == Failure.Kind.CANCELLED ? failure : new PassedOn(failure))) {
            failure.markSeen();
            over();
        }
    }

    private static final class PassedOn extends Failure {
        private final Failure failure;

        PassedOn(Failure failure) {
            super(
                    failure.kind(),
                    cancelled().error()); // never asked for: to ask the failure may block, and has effects
            this.failure = failure;
        }

        @Override
        protected Throwable whole(boolean byWaiter) {
            return byWaiter ? failure.seeAsWaiter() : failure.see();
        }

        @Override
        public Throwable error() {
            return failure.error();
        }
    }
}
