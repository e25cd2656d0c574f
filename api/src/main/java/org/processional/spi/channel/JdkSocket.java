// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;

/**
 * A socket channel of the JDK, in non-blocking mode.
 *
 * <p><b>Threads:</b> as {@link StreamSocket} says; the channel guards itself.
 *
 * @since 0.1
 */
public class JdkSocket implements StreamSocket {
    private final SocketChannel channel;

    /**
     * Takes over a channel.
     *
     * @param channel connected, and non-blocking
     */
    public JdkSocket(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public final SocketChannel channel() {
        return channel;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        try {
            return channel.read(into);
        } catch (SocketException e) {
            return -1; // reset: the peer went without reading everything; what it had sent came before this
        }
    }

    @Override
    public final int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public void close() {
        close(channel);
    }

    /**
     * Closes a channel.
     *
     * @param channel open or not
     */
    public static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone all the same, and what was written has been delivered when it was written
        }
    }
}
