// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.SlaveThread;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.engine.Log;
import org.processional.engine.task.Cleaners;

/**
 * The handle on a slave thread that users hold. The thread and the tasks refer to the {@link TaskQueue} and never to
 * this, so that a handle that was dropped is noticed.
 *
 * <p><b>Threads:</b> as {@link SlaveThread}.
 */
abstract class QueuedSlaveThread implements SlaveThread {
    final TaskQueue queue;
    private final Cleaner.Cleanable cleanable;

    /**
     * A handle.
     *
     * @param whenDropped what to do when the handle was dropped without being closed; must not refer to the handle
     */
    QueuedSlaveThread(TaskQueue queue, Runnable whenDropped) {
        this.queue = queue;
        cleanable = Cleaners.SHARED.register(this, new Dropped(queue, whenDropped));
    }

    private record Dropped(TaskQueue queue, Runnable then) implements Runnable {
        @Override
        public void run() {
            if (queue.isOpen()) {
                Log.engine()
                        .warn(
                                "slave thread {} was dropped without being closed; close it, best by a try block",
                                queue.name());
                then.run();
            }
        }
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call) throws X {
        if (queue.isCurrent()) {
            queue.requireUsableInPlace();
            return call.call();
        }
        return this.<T, X>invokeThere(Objects.requireNonNull(call, "call"), null);
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call, TaskOptions options)
            throws X {
        return this.<T, X>invokeWithin(Objects.requireNonNull(call, "call"), checked(options));
    }

    @Override
    public final <X extends Exception> void invoke(Action<X> action, TaskOptions options) throws X {
        this.<@Nullable Void, X>invokeWithin(function(action), checked(options));
    }

    private static TaskOptions checked(TaskOptions options) {
        TaskTerms.requireNoKill(options.atLimit());
        return options;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the way to throw what the compiler cannot know
    private <T extends @Nullable Object, X extends Exception> T invokeWithin(Object function, TaskOptions options)
            throws X {
        if (!queue.isCurrent()) {
            return this.<T, X>invokeThere(function, options);
        }
        queue.requireUsableInPlace();
        InvokedTask<T> task = new InvokedTask<>(function, queue);
        TaskTerms terms = TaskTerms.of(options);
        if (terms != null) {
            task.begin(terms);
        }
        task.execute();
        return task.<X>resultOrThrowExactly();
    }

    @Override
    public final <X extends Exception> void invoke(Action<X> action) throws X {
        if (queue.isCurrent()) {
            queue.requireUsableInPlace();
            action.run();
        } else {
            this.<@Nullable Void, X>invokeThere(function(action), null);
        }
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the way to throw what the compiler cannot know
    private <T extends @Nullable Object, X extends Exception> T invokeThere(
            Object function, @Nullable TaskOptions options) throws X {
        InvokedTask<T> task = new InvokedTask<>(function, queue);
        try {
            enter(task, options);
            return task.<X>join();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** An action as a task takes it; one that is a Call as well is hidden, since its caller meant the action. */
    private static Object function(Action<?> action) {
        Objects.requireNonNull(action, "action");
        return action instanceof Call<?, ?> ? (Action<Exception>) () -> action.run() : action;
    }

    @Override
    public final <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call) {
        return put(Objects.requireNonNull(call, "call"), null);
    }

    @Override
    public final <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call, TaskOptions options) {
        return put(Objects.requireNonNull(call, "call"), checked(options));
    }

    @Override
    public final Task<@Nullable Void> schedule(Action<?> action, TaskOptions options) {
        return put(function(action), checked(options));
    }

    @Override
    public final Task<@Nullable Void> schedule(Action<?> action) {
        return put(function(action), null);
    }

    private <T extends @Nullable Object> Task<T> put(Object function, @Nullable TaskOptions options) {
        LocalTask<T> task = new LocalTask<>(function, queue);
        try {
            enter(task, options);
        } finally {
            Reference.reachabilityFence(this); // else this call could be the last that keeps the slave open
        }
        return task;
    }

    @Override
    public final <T extends @Nullable Object> Optional<Task<T>> trySchedule(Call<T, ?> call) {
        return offer(Objects.requireNonNull(call, "call"));
    }

    @Override
    public final Optional<Task<@Nullable Void>> trySchedule(Action<?> action) {
        return offer(function(action));
    }

    private <T extends @Nullable Object> Optional<Task<T>> offer(Object function) {
        beforeTask();
        LocalTask<T> task = new LocalTask<>(function, queue);
        try {
            TaskTerms terms = TaskTerms.of(null);
            boolean entered = terms == null ? queue.offer(task) : offer(task, terms);
            return entered ? Optional.of(task) : Optional.empty();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Called before a task enters. */
    void beforeTask() {}

    private void enter(LocalTask<?> task, @Nullable TaskOptions options) {
        beforeTask();
        TaskTerms terms = TaskTerms.of(options);
        if (terms == null) {
            queue.put(task);
            return;
        }
        boolean entered = false;
        try {
            task.begin(terms);
            queue.put(task);
            entered = true;
        } finally {
            if (!entered) {
                terms.end();
            }
        }
    }

    private boolean offer(LocalTask<?> task, TaskTerms terms) {
        boolean entered = false;
        try {
            task.begin(terms);
            entered = queue.offer(task);
            return entered;
        } finally {
            if (!entered) {
                terms.end();
            }
        }
    }

    @Override
    public final ExecutorService executor() {
        return new SlaveExecutor(this);
    }

    @Override
    public final boolean isOpen() {
        return queue.isOpen();
    }

    @Override
    public final boolean isCurrent() {
        return queue.isCurrent();
    }

    @Override
    public final void abort() {
        queue.stop(null);
        cleanable.clean();
    }

    @Override
    public final void close() {
        queue.beginClose();
        cleanable.clean(); // finds the slave closed
        if (queue.isCurrent()) {
            closeInPlace();
        } else {
            awaitEnd();
        }
    }

    /** What {@code close} does in another thread, once nothing new comes. */
    void awaitEnd() {
        queue.awaitEndOrStop();
    }

    /** What {@code close} does on the slave's own thread: lets the loop run the rest, within the limit. */
    void closeInPlace() {
        queue.closeAlone();
    }

    @Override
    public final String toString() {
        return "slave thread " + queue.name() + (isOpen() ? "" : " (closed)");
    }
}
