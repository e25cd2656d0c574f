// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;
import org.processional.Effect;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Task;
import org.processional.Work;
import org.processional.engine.task.Cleaners;
import org.processional.engine.thread.LocalTask;

/**
 * A proxy that has come home: the object itself is here.
 *
 * <p><b>Threads:</b> everything from any thread; functions run in place.
 *
 * @param <T> the object
 */
final class OwnedProxy<T extends @Nullable Object> implements Proxy<T> {
    private volatile Exports.@Nullable Entry entry; // cleared by close
    private final Cleaner.@Nullable Cleanable release; // null: others hold the object

    /**
     * Makes a proxy.
     *
     * @param holds whether the table counts it as a handle, which it gives back
     */
    OwnedProxy(Exports.Entry entry, boolean holds) {
        this.entry = entry;
        this.release = holds ? Cleaners.SHARED.register(this, new Release(entry)) : null;
        if (holds) {
            Scopes.add(this);
        }
    }

    /** Gives the handle back; holds the object, never the proxy. */
    private record Release(Exports.Entry entry) implements Runnable {
        @Override
        public void run() {
            Exports.HERE.letGo(entry);
        }
    }

    private Exports.Entry entry() {
        Exports.Entry found = entry;
        if (found == null) {
            throw new ProxyException("the proxy is closed");
        }
        return found;
    }

    /** Counts a reception by the other end of a connection; the number to send. */
    long sendTo(Peer peer) {
        return Exports.HERE.sent(peer.held(), entry());
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the type that the maker of the proxy gave it, null included
    public T get() {
        return (T) entry().object;
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R call(Work<? super T, R, X> work) throws X {
        return work.call(get());
    }

    @Override
    public <X extends Exception> void run(Effect<? super T, X> effect) throws X {
        effect.run(get());
    }

    @Override
    public <R extends @Nullable Object> Task<R> schedule(Work<? super T, R, ?> work) {
        LocalTask<R> task = new LocalTask<>(() -> work.call(get()));
        task.run(); // in place, as call
        return task;
    }

    @Override
    public <S> S as(Class<S> type) {
        RemoteProxy.requireInterface(type);
        Object object = get();
        Methods.require(object, type);
        return type.cast(object);
    }

    @Override
    public T stub() {
        return get();
    }

    @Override
    public void close() {
        entry = null;
        if (release != null) {
            release.clean();
        }
    }

    @Override
    public String toString() {
        Exports.Entry found = entry;
        return "proxy of object " + (found == null ? "(closed)" : found.number) + " of this process";
    }
}
