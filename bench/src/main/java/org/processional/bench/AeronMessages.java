// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A peer: messages by Aeron IPC to another JVM, and a short one back when they are all there; with its media driver in
 * this JVM and in one thread. The ends spin while they are busy, then yield; the other end sleeps between the turns.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class AeronMessages implements Way {
    private static final String CHANNEL = "aeron:ipc";
    private static final int PING = 1;
    private static final int PONG = 2;
    private static final int BYTES = 64;
    private static final int FRAGMENTS = 64;
    private static final int TURNS_BEFORE_YIELD = 1000;
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Publication publication;
    private final Subscription subscription;
    private final ChildJvm child;
    private final UnsafeBuffer buffer;
    private final int count;
    private final FragmentHandler handler = (bytes, offset, length, header) -> answered = bytes.getLong(offset);
    private long number;
    private long answered;

    private AeronMessages(int length, int count) throws IOException {
        buffer = new UnsafeBuffer(new byte[length]);
        this.count = count;
        Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "processional-bench-aeron-");
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        publication = aeron.addPublication(CHANNEL, PING);
        subscription = aeron.addSubscription(CHANNEL, PONG);
        child = ChildJvm.startWith(ForkJvm.FLAGS_OF_PEERS, Child.class, directory.toString(), Integer.toString(count));
        long until = System.nanoTime() + CONNECT_NANOS;
        while (!publication.isConnected() || !subscription.isConnected()) {
            if (System.nanoTime() - until > 0) {
                close();
                throw new IOException("the other end did not connect by Aeron");
            }
            Threads.nap();
        }
    }

    /** 64 bytes there and back. */
    static Way single(Pair pair) throws IOException {
        return new AeronMessages(BYTES, 1);
    }

    /** Many messages of a length there, and one back. */
    static Way stream(Pair pair, int length, int count) throws IOException {
        return new AeronMessages(length, count);
    }

    @Override
    public long step() {
        long expected = number + count;
        while (number < expected) {
            buffer.putLong(0, ++number);
            offer(publication, buffer);
        }
        for (int turns = 1; answered != expected; turns++) {
            if (subscription.poll(handler, 1) == 0) {
                idle(turns);
            }
        }
        return answered;
    }

    private static void offer(Publication publication, UnsafeBuffer message) {
        for (int turns = 1; publication.offer(message, 0, message.capacity()) < 0; turns++) {
            if (publication.isClosed()) {
                throw new IllegalStateException("Aeron is closed");
            }
            idle(turns);
        }
    }

    private static void idle(int turns) {
        if (turns % TURNS_BEFORE_YIELD == 0) {
            Thread.yield(); // the driver, or the other end, may need this processor
        } else {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        child.close();
        aeron.close();
        driver.close();
    }

    /** The other end: sends back the first bytes of what is the last of so many. */
    static final class Child {
        private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

        private Child() {}

        /**
         * Runs until its standard input ends.
         *
         * @param args the folder of the driver; how many messages are answered by one
         */
        public static void main(String[] args) {
            Threads.start("aeron-end", () -> {
                try {
                    System.in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    System.err.println(e);
                } finally {
                    Runtime.getRuntime().halt(0);
                }
            });
            int count = Integer.parseInt(args[1]);
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(args[0]));
            Subscription subscription = aeron.addSubscription(CHANNEL, PING);
            Publication publication = aeron.addPublication(CHANNEL, PONG);
            UnsafeBuffer answer = new UnsafeBuffer(new byte[BYTES]);
            FragmentHandler handler = new FragmentAssembler((bytes, offset, length, header) -> {
                long seen = bytes.getLong(offset);
                if (seen % count == 0) {
                    answer.putLong(0, seen);
                    offer(publication, answer);
                }
            });
            long last = System.nanoTime();
            while (!subscription.isClosed()) {
                if (subscription.poll(handler, FRAGMENTS) > 0) {
                    last = System.nanoTime();
                } else if (System.nanoTime() - last > SPIN_NANOS) {
                    Threads.nap();
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
