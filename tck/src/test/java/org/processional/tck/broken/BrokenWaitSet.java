// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.WaitSet;

/**
 * A wait set with one fault.
 *
 * <p><b>Threads:</b> as {@link WaitSet} says.
 */
final class BrokenWaitSet implements WaitSet {
    private final BrokenTransport transport;
    private final Fault fault;
    private final WaitSet set;
    private final Set<Object> removed = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private volatile boolean awaiting; // set by who awaits
    private boolean closed;

    BrokenWaitSet(BrokenTransport transport, WaitSet set) {
        this.transport = transport;
        this.fault = transport.fault;
        this.set = set;
    }

    private static PollableConnection own(PollableConnection connection) {
        return ((BrokenConnection) connection).connection;
    }

    @Override
    public void add(PollableConnection connection) throws IOException {
        try {
            set.add(own(connection));
        } catch (IOException e) {
            if (fault != Fault.T41_A_CLOSED_CONNECTION_CAN_BE_ADDED) {
                throw e;
            }
        }
    }

    @Override
    public void add(Listener listener) throws IOException {
        set.add(((BrokenTransport.BrokenListener) listener).listener);
    }

    @Override
    public void remove(PollableConnection connection) {
        removed.add(connection);
        set.remove(own(connection));
    }

    @Override
    public void writable(PollableConnection connection, boolean wanted) {
        if (fault != Fault.T38_ROOM_IS_NO_READINESS) {
            set.writable(own(connection), wanted);
        }
    }

    @Override
    public boolean attended(PollableConnection connection) {
        if (fault == Fault.T45_FORGETS_WHO_WAS_ATTENDED_TO) {
            set.remove(own(connection));
        }
        return set.attended(own(connection));
    }

    @Override
    public void unattended(PollableConnection connection) {
        set.unattended(own(connection));
    }

    @Override
    public void await(long nanos) throws IOException {
        awaiting = true;
        try {
            set.await(nanos);
        } finally {
            awaiting = false;
        }
        if (fault == Fault.T39_AWAIT_CLEARS_THE_INTERRUPT_FLAG) {
            Thread.interrupted();
        }
    }

    @Override
    public boolean isReady(Object member) {
        if (member instanceof BrokenTransport.BrokenListener listener) {
            return fault != Fault.T37_LISTENERS_ARE_NEVER_READY && set.isReady(listener.listener);
        }
        if (fault == Fault.T43_A_REMOVED_CONNECTION_IS_READY && removed.contains(member)) {
            return true;
        }
        boolean ready = set.isReady(own((PollableConnection) member));
        return ready && (fault != Fault.T34_TELLS_READINESS_ONCE || transport.told.add(member));
    }

    @Override
    public void wakeUp() {
        boolean unheard = awaiting
                ? fault == Fault.T35_WAKE_UP_DOES_NOT_END_THE_WAIT_THAT_IS_ON
                : fault == Fault.T36_WAKE_UP_IS_NOT_REMEMBERED;
        if (!unheard) {
            set.wakeUp();
        }
    }

    @Override
    public void close() {
        if (closed && fault == Fault.T40_A_SET_CANNOT_BE_CLOSED_TWICE) {
            throw new IllegalStateException("closed already");
        }
        closed = true;
        set.close();
    }
}
