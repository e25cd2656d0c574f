// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

/** Two connected ends in this JVM. */
final class Ends implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    final TcpListener listener;
    final ChannelConnection client;
    final ChannelConnection server;
    private final List<byte[]> atClient = new ArrayList<>();
    private final List<byte[]> atServer = new ArrayList<>();

    Ends(String address) throws IOException {
        TcpTransport transport = new TcpTransport();
        listener = transport.listen(Address.parse(address));
        client = transport.connect(listener.address(), LONG);
        server = listener.accept(LONG);
        assertThat(server).isNotNull();
    }

    byte[] receiveAtServer() throws IOException {
        return receive(server, atServer);
    }

    byte[] receiveAtClient() throws IOException {
        return receive(client, atClient);
    }

    private static byte[] receive(ChannelConnection connection, List<byte[]> inbox) throws IOException {
        while (inbox.isEmpty()) {
            connection.receive(
                    (frame, owned) -> {
                        byte[] bytes = new byte[frame.remaining()];
                        frame.get(bytes);
                        inbox.add(bytes);
                    },
                    LONG);
        }
        return inbox.remove(0);
    }

    static void send(ChannelConnection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** A buffer whose bytes depend on their place and on its size. */
    static ByteBuffer pattern(int size, boolean direct) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + size + (i >> 8));
        }
        return direct ? ByteBuffer.allocateDirect(size).put(bytes).flip() : ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
