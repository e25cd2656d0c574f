// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processional.Effect;
import org.processional.ProcessionalException;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Task;
import org.processional.Work;
import org.processional.engine.Log;
import org.processional.engine.task.Cleaners;

/**
 * A proxy whose object lives at the other end of a connection.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <T> the object
 */
final class RemoteProxy<T extends @Nullable Object> implements Proxy<T> {
    /**
     * The process that has the object.
     *
     * @param id its identity
     * @param pid its process id
     */
    record Owner(String id, long pid) {}

    private final Owner owner;
    private final long number;
    private final Reception reception;
    private final Cleaner.Cleanable release;
    private volatile @Nullable ProcessCalls calls; // null: this process is not connected to the owner, as far as known
    private volatile @Nullable Class<?> origin; // class whose loader has that of the object, where it is known
    private volatile boolean closed; // written by close

    /** A proxy of an object of the other end, which has counted it. */
    RemoteProxy(ProcessCalls calls, long number, @Nullable Class<?> origin) {
        this(new Owner(calls.peer().partner().id(), calls.peer().partner().pid()), number, calls.peer());
        this.origin = origin;
        this.calls = calls.on(this, number);
    }

    /**
     * A proxy of an object of a third process, which counts it as soon as there is a connection. Where that fails, the
     * proxy does nevertheless arrive, and so does what came with it: who uses it learns why.
     */
    RemoteProxy(Owner owner, long number) {
        this(owner, number, (Peer) null);
        Peer known = Peers.to(owner.id());
        if (known != null) {
            try {
                attach(known);
            } catch (ProcessionalException e) { // it was released, or its process ends
                Log.engine().debug("object " + number + " of process " + owner.pid + " is not counted yet", e);
            }
        }
    }

    private RemoteProxy(Owner owner, long number, @Nullable Peer peer) {
        this.owner = owner;
        this.number = number;
        this.reception = new Reception(number, peer);
        this.release = Cleaners.SHARED.register(this, reception);
        Scopes.add(this);
    }

    /** Gives one reception back; holds the connection, never the proxy. */
    private static final class Reception implements Runnable {
        private final long number;
        private final AtomicReference<@Nullable Peer> peer; // where it is counted

        Reception(long number, @Nullable Peer peer) {
            this.number = number;
            this.peer = new AtomicReference<>(peer);
        }

        @Override
        public void run() {
            Peer counted = peer.getAndSet(null);
            if (counted != null) {
                counted.release(number);
            }
        }
    }

    /** The number of the object, for a message to its owner. */
    long number() {
        if (closed) {
            throw new ProxyException(
                    "the proxy of object " + number + " of process " + owner.pid + " is closed; use it before close()");
        }
        return number;
    }

    Owner owner() {
        return owner;
    }

    /** The way to the owner. */
    private ProcessCalls calls() {
        number();
        ProcessCalls known = calls;
        if (known != null) {
            return known;
        }
        Peer to = Peers.to(owner.id());
        if (to == null) {
            throw new ProxyException(
                    "object " + number + " of process " + owner.pid + " cannot be reached from process " + Identity.PID
                            + ", which is not connected to it; connect the two, with connect(process)");
        }
        return attach(to);
    }

    /** Counts the proxy at its owner; two threads may count it, and one of them gives it back. */
    private ProcessCalls attach(Peer to) {
        ProcessCalls found = new ProcessCalls(to);
        found.retain(number);
        if (reception.peer.compareAndSet(null, to)) {
            calls = found.on(this, number);
        } else {
            to.release(number);
        }
        if (closed) {
            reception.run(); // what close did before found nothing to give back
        }
        return found.on(this, number);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the type that the maker of the proxy gave it, null included
    public T get() {
        Class<?> known = origin;
        return (T) this.<@Nullable Object, RuntimeException>ask(
                entry -> entry.object, known == null ? EntryCall.class : known);
    }

    /** Runs a function of the engine where the object lives. */
    <R extends @Nullable Object, X extends Exception> R ask(EntryCall<R> call) throws X {
        return calls().<R, X>ask(call);
    }

    /** The same, for a class of the user's, which both ends need. */
    <R extends @Nullable Object, X extends Exception> R ask(EntryCall<R> call, Class<?> origin) throws X {
        return calls().<R, X>ask(call, origin);
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R call(Work<? super T, R, X> work) throws X {
        return calls().<R, X>ask(work);
    }

    @Override
    public <X extends Exception> void run(Effect<? super T, X> effect) throws X {
        calls().<@Nullable Object, X>ask(effect);
    }

    @Override
    public <R extends @Nullable Object> Task<R> schedule(Work<? super T, R, ?> work) {
        return calls().schedule(work);
    }

    @Override
    public <S> S as(Class<S> type) {
        requireInterface(type);
        this.<Boolean, RuntimeException>ask(entry -> Methods.require(entry.object, type), type);
        origin = type;
        return type.cast(StubCalls.make(this, List.of(type)));
    }

    static void requireInterface(Class<?> type) {
        if (!type.isInterface() || type.isSealed() || !Modifier.isPublic(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName() + " is not a public interface that anybody can implement;"
                    + " call functions on the object with Proxy.call");
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a class in place of an interface is a ClassCastException of the caller
    public T stub() {
        List<String> names = this.<List<String>, RuntimeException>ask(entry -> Methods.interfaces(entry.object));
        List<Class<?>> types = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? ClassLoader.getSystemClassLoader() : context;
        for (String name : names) {
            try {
                types.add(Class.forName(name, false, loader));
            } catch (ClassNotFoundException | LinkageError e) { // it, or what it extends
                Log.engine().debug("no stand-in as " + name + ", which is not known here", e);
            }
        }
        return (T) StubCalls.make(this, types);
    }

    /** Whether both are of one object. */
    boolean isOf(RemoteProxy<?> other) {
        return number == other.number && owner.id.equals(other.owner.id);
    }

    /** Runs a function of the engine on the object, and keeps its result there. */
    RemoteProxy<Object> keep(EntryCall<?> call, Class<?> origin) {
        return calls().keep(call, origin);
    }

    /** Runs a function of the engine on the object, in a thread of its own there. */
    <R extends @Nullable Object> Task<R> thread(EntryCall<R> call, Class<?> type) {
        return calls().thread(call, type);
    }

    /** Puts a function of the engine on the object into its queue. */
    <R extends @Nullable Object> Task<R> post(EntryCall<R> call, Class<?> origin) {
        return calls().schedule(call, origin);
    }

    @Override
    public void close() {
        closed = true;
        release.clean();
    }

    @Override
    public String toString() {
        return "proxy of object " + number + " of process " + owner.pid;
    }
}
