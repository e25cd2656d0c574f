// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelWaitSet;
import org.processional.spi.channel.FrameFormat;

/** A peer that does not keep to the format. */
@Timeout(60)
final class FrameReaderTest {
    @TempDir
    Path directory;

    private UnixListener listener;
    private SocketChannel peer;
    private ChannelConnection connection;

    @BeforeEach
    void connect() throws IOException {
        listener =
                new UnixTransport().listen(Address.parse(directory.resolve("s").toString()));
        peer = SocketChannel.open(UnixDomainSocketAddress.of(listener.address().target()));
        connection = listener.accept(Pair.LONG);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        connection.close();
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, FrameFormat.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
    void anImpossibleLengthClosesTheConnection(int length) throws IOException {
        write(ByteBuffer.allocate(100).putInt(0, 5).putInt(9, length));
        int[] frames = {0};
        assertThatThrownBy(() -> {
                    while (true) {
                        connection.receive((frame, owned) -> frames[0]++, Pair.LONG);
                    }
                })
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(EOFException.class)
                .hasMessageContaining(connection.peer())
                .hasMessageContaining(Integer.toUnsignedString(length));
        assertThat(frames[0]).isEqualTo(1);
        assertThat(connection.isClosed()).isTrue();
        assertThatThrownBy(() -> connection.poll((frame, owned) -> {})).hasMessageContaining("closed here");
    }

    @Test
    void aLengthThatIsALieCostsNoMemory() throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        write(ByteBuffer.allocate(1000).putInt(0, FrameFormat.MAX_FRAME_BYTES));
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(connection.poll((frame, owned) -> {})).isZero();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        peer.close();
        assertThatThrownBy(() -> connection.poll((frame, owned) -> {}))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("996 of its " + FrameFormat.MAX_FRAME_BYTES + " bytes");
    }

    @Test
    void whoConnectsAndSaysNothingCostsLittle() throws IOException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        int count = 20;
        List<Closeable> open = new ArrayList<>();
        long before = direct.getMemoryUsed();
        try {
            for (int i = 0; i < count; i++) {
                open.add(SocketChannel.open(
                        UnixDomainSocketAddress.of(listener.address().target())));
                ChannelConnection accepted = listener.accept(Pair.LONG);
                open.add(accepted::close);
            }
            assertThat(direct.getMemoryUsed() - before).isLessThanOrEqualTo(count * (32L << 10));
        } finally {
            for (Closeable each : open) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 13})
    void aTruncatedFrameIsAnEnd(int bytes) throws IOException {
        write(ByteBuffer.allocate(Math.max(4, bytes)).putInt(0, 10).limit(bytes));
        peer.close();
        assertThatThrownBy(() -> connection.receive((frame, owned) -> {}, Pair.LONG))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("in the middle of a frame: " + bytes + " bytes");
    }

    @Test
    void framesThatComeByteByByteArrive() throws IOException {
        int[] frames = {0};
        for (int frame = 0; frame < 3; frame++) {
            ByteBuffer bytes = ByteBuffer.allocate(9).putInt(0, 5);
            for (int i = 0; i < 9; i++) {
                write(bytes.slice(i, 1));
                connection.poll((f, owned) -> frames[0] += f.remaining());
            }
        }
        assertThat(frames[0]).isEqualTo(15);
    }

    @Test
    void pollingAndOfferingAllocatesNothing() throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ChannelConnection client = new UnixTransport().connect(listener.address(), Pair.LONG);
                ChannelConnection server = listener.accept(Pair.LONG);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(server);
            ByteBuffer frame = ByteBuffer.allocate(64);
            org.processional.spi.FrameHandler ignore = (f, owned) -> {};
            long before = 0;
            int rounds = 20_000;
            for (int i = 0; i < 2 * rounds; i++) {
                if (i == rounds) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                client.offer(frame.clear());
                client.flushNow();
                set.await(Long.MAX_VALUE);
                assertTrue(set.isReady(server));
                server.poll(ignore);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(rounds);
        }
    }

    private static void assertTrue(boolean condition) {
        if (!condition) {
            throw new AssertionError("not ready");
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            peer.write(bytes);
        }
    }
}
