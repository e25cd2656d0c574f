// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.channel.JdkSocket;

/** What the layer of TLS does where the socket below it fails. */
@Timeout(120)
class TlsSocketTest {
    @TempDir
    Path folder;

    /** TLS 1.2 owes an answer to a farewell; 1.3 does with -Djdk.tls.acknowledgeCloseNotify=true, and to new keys. */
    @Test
    void whatCameIsReadWhereAnAnswerCannotBeSent() throws Exception {
        SSLContext context = context();
        try (ServerSocketChannel listening =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel there = SocketChannel.open(listening.getLocalAddress());
                SocketChannel here = listening.accept()) {
            TlsSocket client = socket(there, context, true);
            TlsSocket server = socket(here, context, false);
            while (!client.isEstablished() || !server.isEstablished()) {
                client.flush();
                server.flush();
            }
            assertThat(server.write(Ends.pattern(1000, true))).isEqualTo(1000);
            assertThat(server.flush()).isTrue();
            server.close();
            assertThatThrownBy(() -> writeWithoutEnd(client)).isInstanceOf(IOException.class);
            ByteBuffer into = ByteBuffer.allocateDirect(64 << 10);
            assertThat(client.read(into)).isEqualTo(1000);
            assertThat(into.flip()).isEqualTo(Ends.pattern(1000, true));
            assertThat(client.read(into.clear())).isEqualTo(-1);
        }
    }

    private static void writeWithoutEnd(TlsSocket socket) throws IOException {
        while (true) {
            socket.write(ByteBuffer.allocateDirect(1000));
        }
    }

    private static TlsSocket socket(SocketChannel channel, SSLContext context, boolean isClient) throws IOException {
        channel.configureBlocking(false);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        return new TlsSocket(new JdkSocket(channel), engine);
    }

    private SSLContext context() throws Exception {
        new TestKeys(folder).make("both");
        char[] password = KeyFiles.password(folder.resolve("password"));
        KeyStore store = KeyFiles.store(folder.resolve("both.p12"), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
