// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetransmissionsTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid" + "  timeout inode\n";

    @TempDir
    Path folder;

    private static String line(int number, String local, String remote, String state, String count) {
        return line(number, local, remote, state, count, 0);
    }

    private static String line(int number, String local, String remote, String state, String count, int probes) {
        return "   " + number + ": " + local + " " + remote + " " + state + " 00000000:00000000 01:00000014 " + count
                + "     0 %8d 115 1 000000008df8534a 100 0 0 10 0\n".formatted(probes);
    }

    @Test
    void theNumberOfTheConnectionIsFound() throws IOException {
        Path four = Files.writeString(
                folder.resolve("tcp"),
                HEAD
                        + line(0, "00000000:1F90", "00000000:0000", "0A", "00000000")
                        + line(1, "0100007F:1F90", "0100007F:C350", "01", "00000003")
                        + line(2, "0100007F:C350", "0100007F:1F90", "01", "0000000B")
                        + line(3, "0100007F:C351", "0100007F:1F90", "04", "0000000C")
                        + line(4, "0100007F:C352", "0100007F:1F90", "01", "00000001", 16));
        Path six = Files.writeString(
                folder.resolve("tcp6"),
                HEAD
                        + line(
                                0,
                                "0000000000000000FFFF00000100000A:D431",
                                "0000000000000000FFFF00000200000A:1F90",
                                "01",
                                "00000007"));
        List<Path> tables = List.of(four, six, folder.resolve("missing"));
        assertThat(Retransmissions.of(tables, 8080, 50000)).isEqualTo(3);
        assertThat(Retransmissions.of(tables, 50000, 8080)).isEqualTo(11);
        assertThat(Retransmissions.of(tables, 54321, 8080)).isEqualTo(7);
        assertThat(Retransmissions.of(tables, 50002, 8080))
                .as("with questions for room")
                .isEqualTo(17);
        assertThat(Retransmissions.of(tables, 50001, 8080))
                .as("not established")
                .isZero();
        assertThat(Retransmissions.of(tables, 1, 2)).as("unknown").isZero();
    }

    @Test
    void theKernelAsksWhetherAnIdleHostIsThere() throws IOException {
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
            channel.configureBlocking(false);
            TcpSocket socket = new TcpSocket(channel, false);
            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            int seconds = channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
                    + channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                            * channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT);
            assertThat(seconds).isEqualTo(90);
            assertThat(socket.isHostLost()).isFalse();
            socket.close();
        }
    }
}
