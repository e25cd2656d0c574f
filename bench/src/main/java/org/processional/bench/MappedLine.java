// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM and a mapped file between the two, with one message in flight in each direction. Who waits spins for a
 * while, then sleeps in steps: nobody rings.
 *
 * <pre>0: number of the last message to the child i32 | 128: its bytes | 2048: the same to the parent</pre>
 *
 * <p><b>Threads:</b> one thread uses it at each end.
 */
final class MappedLine implements AutoCloseable {
    private static final int BYTES = 128;
    private static final int OTHER_DIRECTION = 2048;
    private static final int SIZE = 4096;
    private static final long STEP_NANOS = 50_000;

    private final ByteBuffer memory;
    private final ByteBuffer outgoing;
    private final ByteBuffer incoming;
    private final int out; // where the number of our last message is
    private final int in;
    private final long spinNanos;
    private final @Nullable ChildJvm child; // null in the child
    private int sent;
    private int received;

    private MappedLine(Path file, boolean parent, long spinNanos, @Nullable ChildJvm child) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE).order(ByteOrder.nativeOrder());
        }
        out = parent ? 0 : OTHER_DIRECTION;
        in = parent ? OTHER_DIRECTION : 0;
        outgoing = memory.slice(out + BYTES, OTHER_DIRECTION - BYTES);
        incoming = memory.slice(in + BYTES, OTHER_DIRECTION - BYTES);
        this.spinNanos = spinNanos;
        this.child = child;
    }

    /** What a child does with a message. */
    interface Answer {
        /** Answers: from the incoming message to the outgoing. */
        void answer(ByteBuffer incoming, ByteBuffer outgoing);
    }

    /**
     * Starts a child, which finds the path of the file as its argument, and waits for its first answer.
     *
     * @param main its main class, which calls {@link #serve}
     * @param spinNanos how long this end spins before it sleeps
     */
    static MappedLine open(Class<?> main, long spinNanos) throws IOException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "processional-bench-", null);
        try {
            Files.write(file, new byte[SIZE]);
            ChildJvm child = ChildJvm.start(main, file.toString());
            MappedLine line = new MappedLine(file, true, spinNanos, child);
            line.outgoing.putInt(0, 0);
            line.send();
            line.receive();
            return line;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The child: answers until its standard input ends; the first message is no question. */
    static void serve(String file, long spinNanos, Answer answer) throws IOException {
        Thread watcher = Threads.start("mapped-end", () -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                Runtime.getRuntime().halt(0);
            }
        });
        MappedLine line = new MappedLine(Path.of(file), false, spinNanos, null);
        line.receive();
        line.send();
        while (watcher.isAlive()) {
            line.receive();
            answer.answer(line.incoming, line.outgoing);
            line.send();
        }
    }

    ByteBuffer outgoing() {
        return outgoing;
    }

    ByteBuffer incoming() {
        return incoming;
    }

    /** Shows the outgoing message to the other end. */
    void send() {
        VarHandle.releaseFence();
        memory.putInt(out, ++sent);
    }

    /** Waits for the next message. */
    void receive() {
        int next = ++received;
        long until = 0;
        for (int turns = 1; memory.getInt(in) != next; turns++) {
            VarHandle.acquireFence();
            if (turns % Threads.TURNS_PER_LOOK == 0) {
                long now = System.nanoTime();
                if (until == 0) {
                    until = now + spinNanos;
                } else if (now - until > 0) {
                    LockSupport.parkNanos(this, STEP_NANOS);
                    if (child != null && !child.isAlive()) {
                        throw new IllegalStateException("the child JVM has ended");
                    }
                }
            }
            Thread.onSpinWait();
        }
        VarHandle.acquireFence();
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
