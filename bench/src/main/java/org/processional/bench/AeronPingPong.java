// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import io.aeron.Aeron;
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
 * A peer: 64 bytes by Aeron IPC to another JVM and back, with its media driver in this JVM and in one thread. The ends
 * spin while they are busy, and back off otherwise.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class AeronPingPong implements Way {
    private static final String CHANNEL = "aeron:ipc";
    private static final int PING = 1;
    private static final int PONG = 2;
    private static final int BYTES = 64;
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Publication publication;
    private final Subscription subscription;
    private final ChildJvm child;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES]);
    private final FragmentHandler handler = (bytes, offset, length, header) -> answered = bytes.getLong(offset);
    private long number;
    private long answered;

    AeronPingPong(Pair pair) throws IOException {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "processional-bench-aeron-");
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        publication = aeron.addPublication(CHANNEL, PING);
        subscription = aeron.addSubscription(CHANNEL, PONG);
        child = ChildJvm.startWith(ForkJvm.FLAGS_OF_PEERS, Child.class, directory.toString());
        long until = System.nanoTime() + CONNECT_NANOS;
        while (!publication.isConnected() || !subscription.isConnected()) {
            if (System.nanoTime() - until > 0) {
                close();
                throw new IOException("the other end did not connect by Aeron");
            }
            Thread.yield();
        }
    }

    @Override
    public long step() {
        long expected = ++number;
        buffer.putLong(0, expected);
        while (publication.offer(buffer, 0, BYTES) < 0) {
            Thread.onSpinWait();
        }
        while (answered != expected) {
            if (subscription.poll(handler, 1) == 0) {
                Thread.onSpinWait();
            }
        }
        return answered;
    }

    @Override
    public void close() {
        child.close();
        aeron.close();
        driver.close();
    }

    /** The other end: sends back what it receives. */
    static final class Child {
        private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

        private Child() {}

        /**
         * Runs until its standard input ends.
         *
         * @param args the folder of the driver
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
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(args[0]));
            Subscription subscription = aeron.addSubscription(CHANNEL, PING);
            Publication publication = aeron.addPublication(CHANNEL, PONG);
            UnsafeBuffer answer = new UnsafeBuffer(new byte[BYTES]);
            FragmentHandler handler = (bytes, offset, length, header) -> {
                answer.putBytes(0, bytes, offset, length);
                while (publication.offer(answer, 0, length) < 0) {
                    Thread.onSpinWait();
                }
            };
            long last = System.nanoTime();
            while (!subscription.isClosed()) {
                if (subscription.poll(handler, 1) > 0) {
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
