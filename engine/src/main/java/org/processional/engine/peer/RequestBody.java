// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.Effect;
import org.processional.NamedCall;
import org.processional.Work;
import org.processional.spi.FrameOutput;

/**
 * What a {@link Request} does when it runs.
 *
 * <p><b>Threads:</b> run once, by one thread. It never travels; a Call is serializable by its type alone.
 */
final class RequestBody implements Call<@Nullable Object, Exception> {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The request that a thread runs. Not inherited: a thread that a task starts begins a chain. */
    private static final ThreadLocal<@Nullable RequestBody> CURRENT = new ThreadLocal<>();

    private final transient Peer peer;
    private final transient Requests owner;
    private final int kind;
    private final int flags;
    private final long ticket;
    private final long object; // number of the object that it is about; 0 for none
    private final int receptions; // of a RELEASE: how many are given back
    private final transient Exports.@Nullable Entry entry; // found now: a release that comes later is later
    private final @Nullable String name;
    private final transient ByteBuffer from;
    private final transient Delivery function;
    private transient long chain; // written by the thread that runs it; 0 for none
    private transient Chains.@Nullable Member member; // of the thread that runs it

    RequestBody(Peer peer, Requests owner, int kind, int flags, long ticket, long chain, ByteBuffer from) {
        this.peer = peer;
        this.owner = owner;
        this.kind = kind;
        this.flags = flags;
        this.ticket = ticket;
        this.chain = chain;
        this.from = from;
        boolean runs = kind == Frames.INVOKE || kind == Frames.THREAD;
        this.object = kind == Frames.RELEASE || runs && (flags & Frames.OBJECT) != 0 ? from.getLong() : 0;
        this.receptions = kind == Frames.RELEASE ? receptions(from) : 0;
        this.entry = runs && object != 0 ? Exports.HERE.held(peer.held(), object) : null;
        this.name = runs && (flags & Frames.NAME) != 0 ? FrameOutput.readString(from) : null;
        this.function = new Delivery(peer, 0, runs ? flags : 0, from);
    }

    private static int receptions(ByteBuffer from) {
        int count = from.getInt();
        if (count < 1) {
            throw new ConnectionException("damaged frame: it gives an object back " + count + " times");
        }
        return count;
    }

    long object() {
        return object;
    }

    /** Where it runs if it is about an object that is here; null if it is not. */
    @Nullable
    Home home() {
        return entry == null ? null : entry.home;
    }

    /** It will not run: what is in it is given back. */
    void discard() {
        function.discard();
    }

    /** Whether the calling thread runs a request. */
    static boolean isRunning() {
        return CURRENT.get() != null;
    }

    /** The connection by which the request came that the calling thread runs; null if it runs none. */
    static @Nullable Peer currentPeer() {
        RequestBody current = CURRENT.get();
        return current == null ? null : current.peer;
    }

    /** The ticket of the request of another process that the calling thread runs; 0 if it runs none of it. */
    static long currentTicket(Peer of) {
        RequestBody current = CURRENT.get();
        return current == null || current.peer != of ? 0 : current.ticket;
    }

    /** Who took the request that the calling thread runs; null if it runs none. */
    static @Nullable Requests currentOwner() {
        RequestBody current = CURRENT.get();
        return current == null ? null : current.owner;
    }

    /** The chain of a call that the calling thread makes; 0 if nothing can come back. */
    static long chainOfCall() {
        RequestBody current = CURRENT.get();
        if (current != null) {
            return current.chain();
        }
        return Chains.areUsed() ? Chains.next() : 0;
    }

    private long chain() {
        if (chain == 0 && Chains.areUsed()) {
            chain = Chains.next();
            bind();
        }
        return chain;
    }

    /** What comes back in the chain is for this thread, unless it is one of those beside the main thread. */
    private void bind() {
        if (kind != Frames.THREAD) {
            member = Chains.bind(peer.key(chain));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // the result may be null, as the type argument says
    public @Nullable Object call() throws Exception {
        RequestBody outer = CURRENT.get();
        Object scope = Scopes.suspend();
        CURRENT.set(this);
        try {
            bind();
            return perform();
        } finally {
            Chains.leave(member);
            CURRENT.set(outer); // also null: to remove and enter it anew would cost more than the rest of this
            Scopes.restore(scope);
        }
    }

    private @Nullable Object perform() throws Exception {
        return switch (kind) {
            case Frames.INVOKE, Frames.THREAD -> invoke();
            case Frames.RELEASE -> {
                Exports.HERE.release(peer.held(), object, receptions);
                yield null;
            }
            case Frames.NAMED, Frames.NAMES, Frames.REMOVE -> names();
            case Frames.DETACH, Frames.PERSIST, Frames.STOP -> control();
            default ->
                throw new CodecException("process " + Identity.PID + " does not know requests of kind " + kind
                        + "; it runs another version of Processional");
        };
    }

    private Object names() {
        owner.policy().allow("questions about the names of objects");
        return switch (kind) {
            case Frames.NAMED -> Exports.HERE.named(FrameOutput.readString(from));
            case Frames.NAMES -> String.join("\n", Exports.HERE.names());
            default -> Exports.HERE.remove(FrameOutput.readString(from)) ? "1" : "";
        };
    }

    private String control() {
        owner.policy().allow("to change how long it lives");
        Control life = owner.control();
        switch (kind) {
            case Frames.DETACH -> life.detach();
            case Frames.PERSIST -> life.persist();
            default -> life.stop();
        }
        return "";
    }

    private @Nullable Object invoke() throws Exception {
        if (object != 0 && entry == null) {
            throw Exports.released(object);
        }
        if (name != null) {
            owner.policy().allow("names for objects");
        }
        ClassLoader loader = loader();
        Object result = run(decode(loader), loader);
        Home home = entry == null ? owner.home() : entry.home;
        return (flags & Frames.KEEP) == 0 ? result : Exports.HERE.keep(name, result, Objects.requireNonNull(home));
    }

    private ClassLoader loader() {
        return peer.clientCode().loader(flags, owner.loader(entry));
    }

    private @Nullable Object decode(ClassLoader loader) {
        try {
            return function.object(loader);
        } catch (CodecException e) {
            throw peer.clientCode().explain(flags, e);
        }
    }

    /** Runs a function with its loader as that of the context. */
    private @Nullable Object run(@Nullable Object called, ClassLoader loader) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before == loader) {
            return run(called);
        }
        thread.setContextClassLoader(loader);
        try {
            return run(called);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the type that the maker of the proxy gave the object, null included
    private @Nullable Object run(@Nullable Object called) throws Exception {
        if (entry == null && called instanceof NamedCall<?> named) {
            return owner.policy().call(named);
        }
        owner.policy().allow("functions of clients"); // in whatever form they came
        if (entry == null && called instanceof Call<?, ?> call) {
            return call.call();
        } else if (entry == null && called instanceof Action<?> action) {
            action.run();
        } else if (entry != null && called instanceof Work<?, ?, ?> work) {
            return ((Work<Object, ?, ?>) work).call(entry.object);
        } else if (entry != null && called instanceof Effect<?, ?> effect) {
            ((Effect<Object, ?>) effect).run(entry.object);
        } else if (entry != null && called instanceof EntryCall<?> call) {
            return call.call(entry);
        } else {
            throw new CodecException("not a function: "
                    + (called == null ? "null" : called.getClass().getName()));
        }
        return null;
    }
}
