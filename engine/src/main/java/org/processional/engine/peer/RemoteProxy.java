// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.Effect;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Task;
import org.processional.Work;
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
    public void close() {
        closed = true;
        release.clean();
    }

    @Override
    public String toString() {
        return "proxy of object " + number + " of " + owner.peer().remoteName();
    }
}
