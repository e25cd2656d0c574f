// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ObjectInputFilter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.Rounds;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/** Who borrows memory for a value gives it back, and keeps it until then. */
@Timeout(60)
class LargeValuesTest {
    private static final int MORE_THAN_ARE_KEPT = 70;
    private static final int HUGE = 200_000; // longs
    private static final Duration A_LONG_TIME = Duration.ofHours(1);

    private final Flights flights = new Flights();
    private final LargeValues sender = new LargeValues(LargeValues::answer, flights, InputFilter.none());

    private ByteBuffer sent(int value) {
        int[] array = new int[40_000];
        Arrays.fill(array, value);
        FrameOutput out = new FrameOutput(64, 255);
        assertThat(sender.write(array, out)).isTrue();
        return out.frame();
    }

    private static Path file(ByteBuffer sent) {
        try (MappedMemory memory = Segments.open(FrameOutput.readString(sent.duplicate()))) {
            return memory.file();
        }
    }

    @Test
    void whatIsReadBehindTheEndOfTheConnectionLeavesNothing() {
        LargeValues receiver = new LargeValues(LargeValues::answer, flights, InputFilter.none());
        ByteBuffer sent = sent(7);
        Path file = file(sent);
        receiver.close();
        assertThat((int[]) receiver.read(sent)).hasSize(40_000).containsOnly(7);
        assertThat(file).exists();
        sender.close();
        flights.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void whoLendsHasItsMemoryWhileTheConnectionEnds() throws InterruptedException {
        for (int round = 0; round < Rounds.of(2000); round++) {
            Flights way = new Flights();
            LargeValues lender = new LargeValues(LargeValues::answer, way, InputFilter.none());
            int[] array = new int[40_000];
            assertThat(lender.write(array, new FrameOutput(64, 255))).isTrue(); // so that one is kept
            CountDownLatch begun = new CountDownLatch(1);
            Thread end = new Thread(() -> {
                begun.countDown();
                way.close();
                lender.close();
            });
            end.start();
            begun.await();
            for (int i = 0; i < 10; i++) {
                assertThat(lender.write(array, new FrameOutput(64, 255))).isTrue();
            }
            end.join();
        }
    }

    /** Takes everything, and does something else before the first array is copied. */
    private static final class Meanwhile implements InputFilter {
        private final Queue<Runnable> todo = new ArrayDeque<>();

        @Override
        public void name(String name) {}

        @Override
        public void type(Class<?> type) {}

        @Override
        public void lambda(Class<?> capturing) {}

        @Override
        public boolean counts() {
            return true;
        }

        @Override
        public void count(ObjectInputFilter.FilterInfo info) {
            Runnable next = todo.poll();
            if (next != null) {
                next.run();
            }
        }
    }

    @Test
    void whoReadsHasItsMemoryWhileMoreThanAreKeptAreReadByOthers() {
        Meanwhile meanwhile = new Meanwhile();
        LargeValues receiver = new LargeValues(LargeValues::answer, flights, meanwhile);
        ByteBuffer sent = sent(7);
        meanwhile.todo.add(() -> IntStream.range(0, MORE_THAN_ARE_KEPT)
                .mapToObj(this::sent)
                .toList()
                .forEach(receiver::read));
        assertThat((int[]) receiver.read(sent)).hasSize(40_000).containsOnly(7);
        assertThat(meanwhile.todo).isEmpty();
        receiver.close();
        sender.close();
        flights.close();
    }

    // ---- huge values: those above a MiB, here

    private LargeValues lender(Duration kept) {
        return new LargeValues(LargeValues::answer, flights, InputFilter.none(), 1 << 20, kept.toNanos());
    }

    private static ByteBuffer sent(LargeValues lender, int length, int value) {
        long[] array = new long[length];
        Arrays.fill(array, value);
        FrameOutput out = new FrameOutput(64, 255);
        assertThat(lender.write(array, out)).isTrue();
        return out.frame();
    }

    private void assertRead(ByteBuffer sent, int length, int value) {
        LargeValues receiver = new LargeValues(LargeValues::answer, flights, InputFilter.none());
        assertThat((long[]) receiver.read(sent)).hasSize(length).containsOnly(value);
        receiver.close();
    }

    private Path fileOfOneThatWasRead(LargeValues lender) {
        ByteBuffer sent = sent(lender, HUGE, 1);
        Path file = file(sent);
        assertRead(sent, HUGE, 1);
        return file;
    }

    @Test
    void hugeOnesThatFollowSoonHaveTheSameMemory() {
        LargeValues lender = lender(A_LONG_TIME);
        Path file = fileOfOneThatWasRead(lender);
        ByteBuffer second = sent(lender, HUGE - 1000, 2);
        assertThat(file(second)).isEqualTo(file);
        assertRead(second, HUGE - 1000, 2);
        lender.close();
        assertThat(file).doesNotExist();
        flights.close();
    }

    @Test
    void aHugeOneThatWasNotReadYetIsNotOverwritten() {
        LargeValues lender = lender(A_LONG_TIME);
        ByteBuffer first = sent(lender, HUGE, 1);
        ByteBuffer second = sent(lender, HUGE, 2);
        assertThat(file(second)).isNotEqualTo(file(first));
        assertRead(first, HUGE, 1);
        assertRead(second, HUGE, 2);
        lender.close();
        flights.close();
    }

    @Test
    void aLongerOneHasMemoryOfItsOwnInPlaceOfWhatWasKept() {
        LargeValues lender = lender(A_LONG_TIME);
        Path file = fileOfOneThatWasRead(lender);
        ByteBuffer longer = sent(lender, 2 * HUGE, 2);
        assertThat(file).doesNotExist();
        assertRead(longer, 2 * HUGE, 2);
        lender.close();
        flights.close();
    }

    @Test
    void whereWhatWasKeptIsGoneTheNextButOneHasNewMemory() {
        LargeValues lender = lender(A_LONG_TIME);
        Path file = fileOfOneThatWasRead(lender);
        try (MappedMemory memory = Segments.open(file.getFileName().toString())) {
            memory.segment().file().header().remove(); // as somebody does who took this process for dead
        }
        assertThat(lender.write(new long[HUGE], new FrameOutput(64, 255))).isFalse();
        ByteBuffer third = sent(lender, HUGE, 3);
        assertRead(third, HUGE, 3);
        lender.close();
        flights.close();
    }

    @Test
    void theMemoryOfAHugeOneIsGivenUpWhenNoneFollows() {
        LargeValues lender = lender(Duration.ofMillis(10));
        Path file = fileOfOneThatWasRead(lender);
        await().until(() -> !Files.exists(file));
        lender.close();
        flights.close();
    }
}
