// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.processional.spi.channel.JdkSocket;

/**
 * A socket of the network. Where nothing is to be encrypted, it says so if the other end begins to speak TLS.
 *
 * <p><b>Threads:</b> as {@link JdkSocket}.
 */
final class TcpSocket extends JdkSocket {
    /** Records of TLS: type u8 | version u16 | length u16, then the type of the message, or the level of the alert. */
    private static final int RECORD_BYTES = 5;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int ALERT = 21;
    private static final int ALERT_BYTES = 2;
    private static final int DISCARD_BYTES = 64 << 10;
    private static final int DISCARD_ROUNDS = 16;

    private static final int IDLE_SECONDS = 30;
    private static final int PROBE_SECONDS = 10;
    private static final int PROBES = 6;

    private boolean begun; // reading thread only

    /**
     * Takes over a channel.
     *
     * @param encrypted whether TLS is expected
     */
    TcpSocket(SocketChannel channel, boolean encrypted) throws IOException {
        super(channel);
        this.begun = encrypted;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive(channel);
    }

    /** A host that vanished is noticed within 90 s while nothing is sent; else the system takes hours. */
    private static void keepAlive(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
    }

    @Override
    public boolean isHostLost() {
        try {
            return channel().getLocalAddress() instanceof InetSocketAddress local
                    && channel().getRemoteAddress() instanceof InetSocketAddress remote
                    && !remote.getAddress().isLoopbackAddress()
                    && Retransmissions.of(local, remote) >= Retransmissions.LOST;
        } catch (IOException e) {
            return false; // it is closed, which others will tell
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int start = into.position();
        int count = super.read(into);
        if (!begun && count > 0) {
            begun = true;
            if (count > RECORD_BYTES && isTls(into, start)) {
                throw new IOException("the other end speaks TLS, and this one does not; give both the same TLS options,"
                        + " as in tcp://host:port?tls=true&key-store=...");
            }
        }
        return count;
    }

    /** As a frame it would be one of 352 MB or more, with which no peer begins. */
    private static boolean isTls(ByteBuffer bytes, int start) {
        int type = bytes.get(start);
        int length = (bytes.get(start + 3) & 0xff) << 8 | bytes.get(start + 4) & 0xff;
        return bytes.get(start + 1) == 3
                && (type == HANDSHAKE && bytes.get(start + RECORD_BYTES) == CLIENT_HELLO
                        || type == ALERT && length == ALERT_BYTES);
    }

    /** A socket that is closed with something unread resets the connection, and the peer loses what is on its way. */
    @Override
    public void close() {
        try {
            channel().shutdownOutput();
            ByteBuffer unread = ByteBuffer.allocate(DISCARD_BYTES);
            int rounds = 0;
            while (rounds < DISCARD_ROUNDS && channel().read(unread.clear()) > 0) {
                rounds++;
            }
        } catch (IOException e) {
            // closed, reset or never connected: then nothing can be lost any more
        } finally {
            super.close();
        }
    }
}
