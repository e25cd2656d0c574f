// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/** The transport of a {@link Sink}: who waits is woken, and else for nothing. */
final class SinkTransport implements PollableTransport {
    /** Where the connections of all inputs are read, so that there is one deputy. */
    static final Reading READING = reading();

    private static Reading reading() {
        try {
            return new Reading(new SinkTransport(), new SpinBudget(Waiting.PARK));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public WaitSet openWaitSet() {
        Semaphore bell = new Semaphore(0);
        return new WaitSet() {
            @Override
            public void add(PollableConnection connection) {}

            @Override
            public void add(Listener listener) {}

            @Override
            public void remove(PollableConnection connection) {}

            @Override
            public void writable(PollableConnection connection, boolean wanted) {}

            @Override
            public void await(long nanos) {
                try {
                    if (bell.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                        bell.drainPermits();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public boolean isReady(Object member) {
                return true;
            }

            @Override
            public void wakeUp() {
                bell.release();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public String scheme() {
        return "fuzz";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Address freshAddress() {
        return Address.parse("fuzz:fresh");
    }

    @Override
    public Listener listen(Address address) throws IOException {
        throw new IOException("nobody connects");
    }

    @Override
    public Connection connect(Address address, Duration wait) throws IOException {
        throw new IOException("nobody listens");
    }
}
