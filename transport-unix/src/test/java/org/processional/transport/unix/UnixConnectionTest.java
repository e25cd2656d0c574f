// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.channel.ChannelConnection;

@Timeout(120)
final class UnixConnectionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void aKilledPeerIsAnEndAfterWhatItSent(Kind kind) throws Exception {
        UnixTransport transport = new UnixTransport();
        String address = kind.address(directory).toString();
        try (Jvm peer = Jvm.start("listen", address)) {
            assertThat(peer.line()).isEqualTo("listening");
            try (ChannelConnection connection =
                    transport.connect(org.processional.spi.Address.parse(address), Pair.LONG)) {
                assertThat(peer.line()).isEqualTo("sent");
                if (kind != Kind.JDK) {
                    assertThat(connection.peer()).contains("process " + peer.pid());
                }
                peer.kill();
                assertThat(Pair.receiveOne(connection)).hasSize(100);
                assertThat(Pair.receiveOne(connection)).hasSize(100);
                assertThatThrownBy(() -> Pair.receiveOne(connection))
                        .isInstanceOf(EOFException.class)
                        .hasMessageContaining("in the middle of a frame")
                        .hasMessageContaining("" + (10 << 20));
            }
        }
    }
}
