// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * A mapped file between this JVM and an end in the slave, with one message in flight in each direction. Who waits spins
 * for a while, then sleeps in steps that grow: nobody rings.
 *
 * <pre>0: number of the last message to the other end i32, -1 is the end | 128: its bytes | half: the same to this end</pre>
 *
 * <p><b>Threads:</b> one thread uses it at each end.
 */
final class MappedLine implements AutoCloseable {
    private static final int BYTES = 128;
    private static final int END = -1;
    private static final long SHORTEST_STEP_NANOS = 50_000;
    private static final long LONGEST_STEP_NANOS = 2_000_000;

    private final ByteBuffer memory;
    private final ByteBuffer outgoing;
    private final ByteBuffer incoming;
    private final int out; // where the number of our last message is
    private final int in;
    private final long spinNanos;
    private int sent;
    private int received;

    private MappedLine(Path file, boolean first, long spinNanos) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size())
                    .order(ByteOrder.nativeOrder());
        }
        int half = memory.capacity() / 2;
        out = first ? 0 : half;
        in = first ? half : 0;
        outgoing = memory.slice(out + BYTES, half - BYTES);
        incoming = memory.slice(in + BYTES, half - BYTES);
        this.spinNanos = spinNanos;
    }

    /** What the other end does with a message. */
    @FunctionalInterface
    interface Answer extends java.io.Serializable {
        /** Answers: from the incoming message to the outgoing. */
        void answer(ByteBuffer incoming, ByteBuffer outgoing);
    }

    /**
     * Starts the other end, and waits for its first answer.
     *
     * @param pair has the slave
     * @param transport of the slave
     * @param spinNanos how long both ends spin before they sleep
     * @param bytes room for a message, in each direction
     * @param answer what the other end does
     */
    static MappedLine open(Pair pair, String transport, long spinNanos, int bytes, Answer answer) throws Exception {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "processional-bench-", null);
        try {
            Files.write(file, new byte[2 * (BYTES + bytes)]);
            pair.start(transport, file.toString(), place -> serve(place, spinNanos, answer));
            MappedLine line = new MappedLine(file, true, spinNanos);
            line.send();
            line.receive();
            return line;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The other end: answers until the line is closed; the first message is no question. */
    private static void serve(String file, long spinNanos, Answer answer) throws IOException {
        MappedLine line = new MappedLine(Path.of(file), false, spinNanos);
        line.receive();
        line.send();
        while (line.receive()) {
            answer.answer(line.incoming.clear(), line.outgoing.clear());
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

    /**
     * Waits for the next message.
     *
     * @return false if the other end has closed the line
     */
    boolean receive() {
        int last = received++;
        long until = 0;
        long step = SHORTEST_STEP_NANOS;
        int number;
        for (int turns = 1; (number = memory.getInt(in)) == last; turns++) {
            VarHandle.acquireFence();
            if (turns % Threads.TURNS_PER_LOOK == 0) {
                long now = System.nanoTime();
                if (until == 0) {
                    until = now + spinNanos;
                } else if (now - until > 0) {
                    LockSupport.parkNanos(this, step);
                    step = Math.min(2 * step, LONGEST_STEP_NANOS);
                }
            }
            Thread.onSpinWait();
        }
        VarHandle.acquireFence();
        return number != END;
    }

    @Override
    public void close() {
        VarHandle.releaseFence();
        memory.putInt(out, END);
    }
}
