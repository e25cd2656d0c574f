// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A socket whose reader polls for a while, then sleeps in a selector; or sleeps at once, in a blocking read.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class PolledSocket implements Closeable {
    private final SocketChannel channel;
    private final Selector selector;
    private final long pollNanos;

    PolledSocket(SocketChannel channel, long pollNanos) throws IOException {
        this.channel = channel;
        this.pollNanos = pollNanos;
        try {
            channel.configureBlocking(pollNanos == 0);
            if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            selector = Selector.open();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (pollNanos > 0) {
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Writes all that is in the buffer. */
    void write(ByteBuffer buffer) throws IOException {
        do {
            channel.write(buffer); // the messages are far smaller than the socket's buffer
        } while (buffer.hasRemaining());
    }

    /**
     * Reads what there is, at least one byte, waiting for it.
     *
     * @return false at the end of the stream
     */
    boolean read(ByteBuffer buffer) throws IOException {
        int count = channel.read(buffer);
        if (count == 0) { // never of a blocking one
            long until = System.nanoTime() + pollNanos;
            while ((count = channel.read(buffer)) == 0) {
                if (System.nanoTime() - until > 0) {
                    sleep();
                }
            }
        }
        return count > 0;
    }

    /** Reads until the buffer has at least so many bytes; what the other end has left is an exception. */
    void readAtLeast(ByteBuffer buffer, int bytes) throws IOException {
        while (buffer.position() < bytes) {
            if (!read(buffer)) {
                throw new EOFException("the other end has closed the socket");
            }
        }
    }

    private void sleep() throws IOException {
        selector.select();
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) { // select would return at once for ever
            throw new InterruptedIOException("interrupted while waiting for the socket");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            selector.close();
        } finally {
            channel.close();
        }
    }
}
