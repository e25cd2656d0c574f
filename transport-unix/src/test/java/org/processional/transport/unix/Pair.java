// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.processional.spi.channel.ChannelConnection;

/** Two connected ends in this JVM. */
record Pair(UnixListener listener, ChannelConnection client, ChannelConnection server) implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    static Pair open(Kind kind, Path directory) throws IOException {
        UnixTransport transport = new UnixTransport();
        UnixListener listener = transport.listen(kind.address(directory));
        ChannelConnection client = transport.connect(listener.address(), LONG);
        ChannelConnection server = listener.accept(LONG);
        assertThat(server).isNotNull();
        return new Pair(listener, client, server);
    }

    static void sendAndFlush(ChannelConnection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** The bytes of the next frame; those that come along with it are kept for the next question. */
    static byte[] receiveOne(ChannelConnection connection) throws IOException {
        List<byte[]> waiting = Inbox.of(connection);
        while (waiting.isEmpty()) {
            connection.receive(
                    (frame, owned) -> {
                        byte[] bytes = new byte[frame.remaining()];
                        frame.get(bytes);
                        waiting.add(bytes);
                    },
                    Pair.LONG);
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
