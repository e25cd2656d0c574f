// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

/** The two ends of a connection in memory. */
record MemoryPair(Listener listener, PollableConnection client, PollableConnection server) implements AutoCloseable {
    private static final Map<Connection, Deque<byte[]>> INBOXES = new WeakHashMap<>(); // guarded by itself

    static final Duration LONG = Duration.ofSeconds(20);

    static MemoryPair open(Weather weather) throws IOException {
        MemoryTransport transport = new MemoryTransport(weather);
        Listener listener = transport.listen(transport.freshAddress());
        PollableConnection client = transport.connect(listener.address(), LONG);
        Connection server = listener.accept(LONG);
        assertThat(server).isNotNull();
        return new MemoryPair(listener, client, (PollableConnection) server);
    }

    /** Sends one frame whole. */
    static void send(Connection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** Receives frames until there are as many. */
    static List<byte[]> receive(Connection connection, int count) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        long deadline = System.nanoTime() + LONG.toNanos();
        while (frames.size() < count && System.nanoTime() - deadline < 0) {
            connection.receive(
                    (frame, owned) -> {
                        byte[] bytes = new byte[frame.remaining()];
                        frame.get(bytes);
                        frames.add(bytes);
                    },
                    LONG);
        }
        assertThat(frames).hasSizeGreaterThanOrEqualTo(count);
        return frames;
    }

    /** The next frame; those that came along wait for the next call. */
    static byte[] next(Connection connection) throws IOException {
        Deque<byte[]> inbox;
        synchronized (INBOXES) {
            inbox = INBOXES.computeIfAbsent(connection, any -> new ArrayDeque<>());
        }
        if (inbox.isEmpty()) {
            inbox.addAll(receive(connection, 1));
        }
        return inbox.remove();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
