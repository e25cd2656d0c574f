// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.spi.Address;
import org.processional.spi.Listener;

/** Two connected ends in this JVM. */
record Pair(Listener listener, ShmConnection client, ShmConnection server) implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Map<ShmConnection, List<byte[]>> WAITING = new WeakHashMap<>();

    static Address address(Path directory, int ringBytes) {
        return Address.parse("shm:" + directory.resolve("s" + COUNT.incrementAndGet()) + "?ring=" + ringBytes);
    }

    static Pair open(Path directory) throws IOException {
        return open(directory, ShmAddress.DEFAULT_RING_BYTES);
    }

    static Pair open(Path directory, int ringBytes) throws IOException {
        ShmTransport transport = new ShmTransport();
        Listener listener = transport.listen(address(directory, ringBytes));
        ShmConnection client = (ShmConnection) transport.connect(listener.address(), LONG);
        ShmConnection server = (ShmConnection) listener.accept(LONG);
        assertThat(server).isNotNull();
        return new Pair(listener, client, server);
    }

    /** A buffer whose bytes depend on their place and on its size. */
    static ByteBuffer pattern(int size, boolean direct) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + size + (i >> 8));
        }
        return direct ? ByteBuffer.allocateDirect(size).put(bytes).flip() : ByteBuffer.wrap(bytes);
    }

    static void sendAndFlush(ShmConnection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** The bytes of the next frame; those that come along with it are kept for the next question. */
    static byte[] receiveOne(ShmConnection connection) throws IOException {
        List<byte[]> waiting;
        synchronized (WAITING) {
            waiting = WAITING.computeIfAbsent(connection, any -> new ArrayList<>());
        }
        while (waiting.isEmpty()) {
            connection.receive(
                    (frame, owned) -> {
                        byte[] bytes = new byte[frame.remaining()];
                        frame.get(bytes);
                        waiting.add(bytes);
                    },
                    LONG);
        }
        return waiting.remove(0);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
