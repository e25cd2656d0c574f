// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.Effect;
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
    private final ProcessCalls owner;
    private final long number;
    private final Cleaner.Cleanable release;
    private volatile boolean closed; // written by close

    RemoteProxy(ProcessCalls owner, long number) {
        this.owner = owner;
        this.number = number;
        this.release = Cleaners.SHARED.register(this, new Release(owner.peer(), number));
    }

    /** Gives one reception back; holds the connection, never the proxy. */
    private record Release(Peer peer, long number) implements Runnable {
        @Override
        public void run() {
            peer.release(number);
        }
    }

    /** The number of the object, for a message to its owner. */
    long number() {
        if (closed) {
            throw new ProxyException("the proxy of object " + number + " of "
                    + owner.peer().remoteName() + " is closed; use it before close()");
        }
        return number;
    }

    String ownerId() {
        return owner.peer().partner().id();
    }

    @Override
    public T get() {
        number();
        Proxy<T> self = this;
        return owner.<T, RuntimeException>invoke(() -> self.get());
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R call(Work<? super T, R, X> work) throws X {
        return owner.invoke(on(work));
    }

    @Override
    public <X extends Exception> void run(Effect<? super T, X> effect) throws X {
        number();
        Proxy<T> self = this;
        owner.<X>run(() -> effect.run(self.get()));
    }

    @Override
    public <R extends @Nullable Object> Task<R> schedule(Work<? super T, R, ?> work) {
        return owner.schedule(on(work));
    }

    private <R extends @Nullable Object, X extends Exception> Call<R, X> on(Work<? super T, R, X> work) {
        number();
        Proxy<T> self = this;
        return () -> work.call(self.get());
    }

    @Override
    public <S> S as(Class<S> type) {
        requireInterface(type);
        this.<RuntimeException>run(object -> Methods.require(object, type));
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
        List<String> names = this.<List<String>, RuntimeException>call(Methods::interfaces);
        List<Class<?>> types = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? ClassLoader.getSystemClassLoader() : context;
        for (String name : names) {
            try {
                types.add(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                Log.engine().debug("no stand-in as " + name + ", which is not known here", e);
            }
        }
        return (T) StubCalls.make(this, types);
    }

    /** Whether both are of one object. */
    boolean isOf(RemoteProxy<?> other) {
        return number == other.number && ownerId().equals(other.ownerId());
    }

    /** Runs a function on the object, and keeps its result there. */
    <R extends @Nullable Object> RemoteProxy<R> keep(Work<? super T, R, ?> work) {
        return (RemoteProxy<R>) owner.<R>wrap(null, on(work));
    }

    /** Runs a function on the object, in a thread of its own there. */
    <R extends @Nullable Object> Task<R> thread(Work<? super T, R, ?> work) {
        return owner.thread(on(work));
    }

    @Override
    public void close() {
        closed = true;
        release.clean();
    }

    @Override
    public String toString() {
        return "proxy of object " + number + " of " + owner.peer().remoteName();
    }
}
