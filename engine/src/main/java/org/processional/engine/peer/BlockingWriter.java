// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Daemons;
import org.processional.spi.Connection;

/**
 * Writes frames of many threads to a connection that cannot be polled, whose sends wait for a peer that takes nothing. Who
 * may wait writes in its own thread; who must not leaves its frames to a thread of the writer's, which begins with the
 * first of them. All frames go in the order in which they came.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class BlockingWriter {
    private final Connection connection;
    private final FrameCounter counter; // owner: holder of writing
    private final Runnable roomMade;
    private final Consumer<Throwable> broken;
    private final ConcurrentLinkedQueue<ByteBuffer> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong backlogBytes = new AtomicLong();
    private final ReentrantLock writing = new ReentrantLock(); // its holder owns the sending side of the connection
    private volatile boolean unflushed; // written by the holder of writing: the connection may have gathered frames
    private @Nullable Thread thread; // guarded by this
    private volatile boolean closed; // set once

    /** A writer that tells when it has written all; its own thread tells when the connection is broken. */
    BlockingWriter(Connection connection, FrameCounter counter, Runnable roomMade, Consumer<Throwable> broken) {
        this.connection = connection;
        this.counter = counter;
        this.roomMade = roomMade;
        this.broken = broken;
    }

    /** Bytes that were sent but not yet taken by the connection. */
    long backlogBytes() {
        return backlogBytes.get();
    }

    /** Whether all that was sent is on its way. */
    boolean isEmpty() {
        return backlogBytes() == 0 && !unflushed; // in this order: it is unflushed before the backlog falls
    }

    /** Sends a frame, whose buffer is free afterwards. */
    void send(ByteBuffer frame) throws IOException {
        add(frame);
        writeAll();
        roomMade.run();
    }

    /** Leaves a frame, whose buffer belongs to the writer from now on, and does not wait. */
    void leave(ByteBuffer frame) {
        add(frame);
        try {
            LockSupport.unpark(thread());
        } catch (OutOfMemoryError e) { // no more threads
            broken.accept(new IOException("no thread to write to " + connection.peer(), e));
        }
    }

    private void add(ByteBuffer frame) {
        backlogBytes.addAndGet(frame.remaining());
        queue.add(frame);
    }

    private void writeAll() throws IOException {
        writing.lock();
        try {
            for (ByteBuffer next = queue.poll(); next != null; next = queue.poll()) {
                int bytes = next.remaining();
                counter.count(next);
                unflushed = true;
                connection.send(next);
                backlogBytes.addAndGet(-bytes);
            }
            if (unflushed) {
                connection.flush();
                unflushed = false;
            }
        } finally {
            writing.unlock();
        }
    }

    private synchronized Thread thread() {
        Thread own = thread;
        if (own == null) {
            own = Daemons.make("processional-writer-" + connection.peer(), new Runnable() {
                @Override
                public void run() {
                    writeUntilClosed();
                }
            });
            own.start();
            thread = own;
        }
        return own;
    }

    private void writeUntilClosed() {
        try {
            while (!closed) {
                writeAll();
                roomMade.run();
                while (queue.isEmpty() && !closed) {
                    LockSupport.park(this);
                    Thread.interrupted(); // nobody has a reason to interrupt a writer
                }
            }
        } catch (IOException | RuntimeException | Error e) { // of a transport that others wrote, perhaps
            broken.accept(e);
        }
    }

    /** The connection has ended. */
    synchronized void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
