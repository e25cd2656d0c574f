// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.ProcessStatus;
import org.processional.Proxy;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.spi.FrameOutput;

/**
 * What one end of a connection can ask of the other, in terms of functions.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
public final class ProcessCalls {
    private static final long SOON_NANOS = 1_000_000_000;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Peer peer;
    private final @Nullable ProcessCalls parent; // keeps its owner reachable
    private final long object; // number of the object that they are about; 0 for none
    private final long roomNanos;
    private final RequestOptions awaited;
    private final RequestOptions queued;
    private final RequestOptions tried;
    private final RequestOptions kept;

    /** Calls without a handle to keep: of proxies that came in a message. */
    ProcessCalls(Peer peer) {
        this(peer, TimeUnit.SECONDS.toNanos(30), null);
    }

    /**
     * Calls to the other end.
     *
     * @param peer this end
     * @param roomNanos how long to wait for room
     * @param owner what shall stay reachable as long as tasks are pending and proxies that come from here are in use: the
     *     handle of the user
     */
    public ProcessCalls(Peer peer, long roomNanos, @Nullable Object owner) {
        this(peer, roomNanos, owner, null, 0);
    }

    private ProcessCalls(
            Peer peer, long roomNanos, @Nullable Object owner, @Nullable ProcessCalls parent, long object) {
        this.peer = peer;
        this.roomNanos = roomNanos;
        this.parent = parent;
        this.object = object;
        this.awaited = new RequestOptions(true, false, false, roomNanos, owner, null);
        this.queued = new RequestOptions(false, false, false, roomNanos, owner, null);
        this.tried = new RequestOptions(false, false, false, 0, owner, null);
        this.kept = new RequestOptions(true, true, false, roomNanos, owner, null);
    }

    Peer peer() {
        return peer;
    }

    /** Calls of an object of the other end; the proxy is held while they are pending. */
    ProcessCalls on(Proxy<?> proxy, long number) {
        return new ProcessCalls(peer, roomNanos, proxy, this, number);
    }

    /** Runs a function on the main thread of the other end, and waits for it. */
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call) throws X {
        return this.<T, X>ask(call);
    }

    /** Runs a function that returns nothing on the main thread of the other end, and waits for it. */
    public <X extends Exception> void run(Action<X> action) throws X {
        this.<@Nullable Void, X>ask(action);
    }

    /** Runs a function on the main thread of the other end, and waits for it within a limit. */
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call, TaskOptions options) throws X {
        return this.<T, X>ask(Question.run(Frames.INVOKE, object, call), awaited.with(options));
    }

    /** Runs a function that returns nothing on the main thread of the other end, and waits for it within a limit. */
    public <X extends Exception> void run(Action<X> action, TaskOptions options) throws X {
        this.<@Nullable Void, X>ask(Question.run(Frames.INVOKE, object, action), awaited.with(options));
    }

    /** Runs a function there, on the object that the calls are about if there is one, and waits for it. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the callers know what the function returns
    <T extends @Nullable Object, X extends Exception> T ask(Object function) throws X {
        return this.<T, X>ask(Question.run(Frames.INVOKE, object, function), awaited);
    }

    /** Runs a function of the engine there, on the object, for a class of the user's, and waits for it. */
    <R extends @Nullable Object, X extends Exception> R ask(EntryCall<R> call, Class<?> origin) throws X {
        return this.<R, X>ask(Question.run(Frames.INVOKE, object, call, origin), awaited);
    }

    /** Puts such a function into the queue of the object. */
    <R extends @Nullable Object> Task<R> schedule(EntryCall<R> call, Class<?> origin) {
        return send(Question.run(Frames.INVOKE, object, call, origin), RequestBody.chainOfCall(), queued);
    }

    /** What comes back in the chain of the call meanwhile runs on the calling thread. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    private <T extends @Nullable Object, X extends Exception> T ask(Question question, RequestOptions how) throws X {
        long chain = RequestBody.chainOfCall();
        Chains.Member member = Chains.bind(peer.key(chain));
        try {
            return this.<T, X>await(send(question, chain, how));
        } finally {
            Chains.leave(member);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T await(RemoteTask<T> task) throws X {
        try {
            if (!task.isDone()) {
                peer.waits().forAnswer(task, false, 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (task.cancel(true)) { // else the answer has come meanwhile, and what was counted in it is not lost
                throw new WaitInterruptedException(
                        "interrupted while waiting for a function in " + peer.remoteName() + "; it is cancelled", e);
            }
        }
        return task.<X>resultOrThrowExactly();
    }

    /** Puts a function into the queue of the other end. */
    public <T extends @Nullable Object> Task<T> schedule(Object function) {
        return send(Question.run(Frames.INVOKE, object, function), RequestBody.chainOfCall(), queued);
    }

    /** Puts a function into the queue of the other end, with a limit. */
    public <T extends @Nullable Object> Task<T> schedule(Object function, TaskOptions options) {
        return send(Question.run(Frames.INVOKE, object, function), RequestBody.chainOfCall(), queued.with(options));
    }

    /** Puts a function into the queue of the other end if there is room now. */
    public <T extends @Nullable Object> Optional<Task<T>> trySchedule(Object function) {
        Question question = Question.run(Frames.INVOKE, object, function);
        return Optional.ofNullable(peer.asking().<T>request(question, RequestBody.chainOfCall(), tried));
    }

    /** Runs a function of the engine on the object, in a thread of its own, for a class of the user's. */
    <R extends @Nullable Object> Task<R> thread(EntryCall<R> call, Class<?> origin) {
        return send(Question.run(Frames.THREAD, object, call, origin), RequestBody.chainOfCall(), queued);
    }

    /** Runs a function in a thread of its own. */
    public <T extends @Nullable Object> Task<T> thread(Object function) {
        return send(Question.run(Frames.THREAD, object, function), RequestBody.chainOfCall(), queued);
    }

    /** Runs a function in a thread of its own, with a limit. */
    public <T extends @Nullable Object> Task<T> thread(Object function, TaskOptions options) {
        return send(Question.run(Frames.THREAD, object, function), RequestBody.chainOfCall(), queued.with(options));
    }

    private <T extends @Nullable Object> RemoteTask<T> send(Question question, long chain, RequestOptions how) {
        return Objects.requireNonNull(peer.asking().<T>request(question, chain, how));
    }

    /** Runs a function there and keeps its result there. */
    public <T extends @Nullable Object> Proxy<T> wrap(@Nullable String name, Call<? extends T, ?> call) {
        return keep(name, call, call.getClass());
    }

    /** Runs a function on the object, and keeps its result there. */
    RemoteProxy<Object> keep(EntryCall<?> call, Class<?> origin) {
        return keep(null, call, origin);
    }

    private <T extends @Nullable Object> RemoteProxy<T> keep(@Nullable String name, Object function, Class<?> origin) {
        ByteBuffer number = unchecked(Question.keep(object, name, function, origin), kept);
        return new RemoteProxy<>(parent == null ? this : parent, number(number), origin);
    }

    /** Finds what was kept under a name. */
    public <T extends @Nullable Object> Proxy<T> named(String name) {
        return new RemoteProxy<>(this, number(ask(Frames.NAMED, name)), null);
    }

    private static long number(ByteBuffer answer) {
        if (answer.remaining() < Long.BYTES) {
            throw new CodecException(
                    "damaged message: " + answer.remaining() + " bytes in place of an object's number");
        }
        return answer.getLong();
    }

    /** The names there are. */
    public Set<String> names() {
        String all = FrameOutput.readString(ask(Frames.NAMES, null));
        return all.isEmpty() ? new TreeSet<>() : new TreeSet<>(java.util.Arrays.asList(all.split("\n")));
    }

    /** Removes a name. */
    public boolean remove(String name) {
        return !FrameOutput.readString(ask(Frames.REMOVE, name)).isEmpty();
    }

    /** Whether the other end sees a segment of shared memory; not if it does not say so soon. */
    boolean sees(String question) {
        ByteBuffer answer = engine(Question.engine(Frames.SEES, question), SOON_NANOS);
        return answer != null && !FrameOutput.readString(answer).isEmpty();
    }

    /**
     * Asks the engine there, in the middle of reading or writing a message: nothing that comes back runs meanwhile, and no
     * interrupt ends it.
     *
     * @return the answer; null if there is none in time
     */
    @Nullable
    ByteBuffer engine(Question question, long limitNanos) {
        RemoteTask<ByteBuffer> task = send(question, 0, RequestOptions.ENGINE);
        long deadline = EngineTime.nanos() + limitNanos;
        boolean interrupted = false;
        try {
            while (!task.isDone()) {
                try {
                    if (!peer.waits().forAnswer(task, true, deadline) && task.cancel(false)) {
                        return null; // else the answer has come in this moment
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return task.await();
    }

    /** Lets the process outlive its master. */
    public void detach() {
        decide(Frames.DETACH);
    }

    /** Lets the process outlive its last client. */
    public void persist() {
        decide(Frames.PERSIST);
    }

    /** Asks the process to end. */
    public void stop() {
        decide(Frames.STOP);
    }

    /** Says how long the process is to live. It is done at once there, so no interrupt of who asks can undo it. */
    private void decide(int kind) {
        if (engine(Question.engine(kind, null), LONG_NANOS) == null) {
            throw unanswered("did not say whether it does so");
        }
    }

    private ConnectionException unanswered(String what) {
        return new ConnectionException(
                peer.remoteName() + " " + what + " within " + TimeUnit.NANOSECONDS.toSeconds(LONG_NANOS) + " s");
    }

    /**
     * What the other end is doing; told at once, also by one that is busy.
     *
     * @throws ConnectionException if it does not tell
     */
    public ProcessStatus status() {
        ByteBuffer answer = engine(Question.engine(Frames.STATUS, null), LONG_NANOS);
        if (answer == null) {
            throw unanswered("did not tell its status");
        }
        return StatusAnswers.read(peer.partner(), answer);
    }

    /** Counts one more reception of an object there. */
    void retain(long number) {
        if (engine(Question.retain(number), LONG_NANOS) == null) {
            throw new ConnectionException(peer.remoteName() + " did not answer whether it has object " + number);
        }
    }

    private ByteBuffer ask(int kind, @Nullable String name) {
        return unchecked(Question.engine(kind, name), RequestOptions.ENGINE);
    }

    /** As {@code Task.await}, but that an interrupt cancels the request. */
    private ByteBuffer unchecked(Question question, RequestOptions how) {
        try {
            return this.<ByteBuffer, Exception>ask(question, how);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new org.processional.TaskFailedException(e);
        }
    }
}
