// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/**
 * Rings in shared memory: addresses {@code shm:/path} and {@code shm:name}, with the option {@code ?ring=BYTES}.
 *
 * <p>At the path is a Unix socket, which introduces the ends to each other, wakes who sleeps, and tells that the peer
 * has ended. A name stands for a socket in the user's private directory. Who connects makes the memory, and never waits
 * for the other end to accept; if the other end cannot use it, the first thing received is an exception that says why.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
public final class ShmTransport implements PollableTransport {
    private static final int PRIORITY = 150; // the shortest way to a process on this host

    /** Opens nothing. */
    public ShmTransport() {}

    @Override
    public String scheme() {
        return ShmAddress.SCHEME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Optional<String> unavailable() {
        return RingFile.unavailable(ShmAddress.DEFAULT_RING_BYTES);
    }

    @Override
    public OptionalInt maxFrameBytes() {
        return OptionalInt.of(ShmConnection.MAX_FRAME_BYTES);
    }

    @Override
    public Address freshAddress() throws IOException {
        String path = SocketTransport.find().freshAddress().target();
        return new Address(ShmAddress.SCHEME, path, Map.of());
    }

    @Override
    public Listener listen(Address address) throws IOException {
        PollableTransport sockets = SocketTransport.find();
        ShmAddress name = ShmAddress.of(address, sockets);
        return new ShmListener(sockets, sockets.listen(name.socket()), name, ShmListener.GREETING);
    }

    @Override
    public Connection connect(Address address, Duration wait) throws IOException {
        PollableTransport sockets = SocketTransport.find();
        ShmAddress name = ShmAddress.of(address, sockets);
        PollableConnection socket = (PollableConnection) sockets.connect(name.socket(), wait);
        RingFile file = null;
        boolean greeted = false;
        try {
            file = RingFile.create(name);
            socket.send(Greeting.hello(file));
            socket.flush();
            greeted = true;
            return new ShmConnection(sockets, socket, file, name.toString());
        } finally {
            if (!greeted) {
                if (file != null) {
                    file.delete();
                }
                socket.close();
            }
        }
    }

    @Override
    public WaitSet openWaitSet() throws IOException {
        return new ShmWaitSet(SocketTransport.find());
    }
}
