// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.processional.spi.FrameHandler;

/** Frames of random sizes with their sums, for one connection with two ends. */
final class Traffic {
    private static final int LONGEST = 100_000;

    private Traffic() {}

    private static int size(SplittableRandom random) {
        int kind = random.nextInt(1000);
        return 16 + (kind == 0 ? random.nextInt(LONGEST - 16) : kind < 50 ? random.nextInt(2_000) : random.nextInt(64));
    }

    /** Sends; returns the sum of all sums. */
    static long send(ShmConnection connection, long seed, int frames) throws IOException {
        SplittableRandom sizes = new SplittableRandom(seed);
        SplittableRandom contents = new SplittableRandom(seed + 1);
        ByteBuffer frame = ByteBuffer.allocate(LONGEST);
        long total = 0;
        for (int i = 0; i < frames; i++) {
            int size = size(sizes);
            frame.clear().limit(size).position(8);
            long sum = size;
            while (frame.remaining() >= 8) {
                long next = contents.nextLong();
                frame.putLong(next);
                sum = sum * 31 + next;
            }
            while (frame.hasRemaining()) {
                frame.put((byte) size);
            }
            frame.putLong(0, sum);
            total += sum;
            ByteBuffer claimed = size % 3 == 0 ? connection.claim(size) : null;
            if (claimed == null) {
                connection.send(frame.position(0));
            } else {
                connection.commit(claimed.put(frame.position(0)));
            }
            if (i % 16 == 15 || i == frames - 1) {
                connection.flush();
            }
        }
        return total;
    }

    /** Receives and checks; returns the sum of all sums. */
    static long receive(ShmConnection connection, long seed, int frames, boolean slow) throws IOException {
        SplittableRandom sizes = new SplittableRandom(seed);
        long[] total = {0};
        int[] count = {0};
        FrameHandler check = (frame, owned) -> {
            int size = frame.remaining();
            if (size != size(sizes)) {
                assertThat(size).as("size of frame %d", count[0]).isZero();
            }
            long expected = frame.getLong();
            long sum = size;
            while (frame.remaining() >= 8) {
                sum = sum * 31 + frame.getLong();
            }
            while (frame.hasRemaining()) {
                sum = frame.get() == (byte) size ? sum : sum + 1;
            }
            if (sum != expected) {
                assertThat(sum).as("sum of frame %d", count[0]).isEqualTo(expected);
            }
            total[0] += sum;
            count[0]++;
            if (slow && count[0] % 50_000 == 0) {
                Thread.yield();
            }
        };
        while (count[0] < frames) {
            connection.receive(check, Pair.LONG);
        }
        return total[0];
    }
}
