// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.transport.shm.Pair.sendAndFlush;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.WaitSet;

@Timeout(120)
final class ShmWaitSetTest {
    private static final long LONG = Pair.LONG.toNanos();

    @TempDir
    Path directory;

    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = Rounds.of(50_000);
        AtomicBoolean[] flags = new AtomicBoolean[rounds];
        for (int i = 0; i < rounds; i++) {
            flags[i] = new AtomicBoolean();
        }
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            Background<Void> waiting = Background.start(() -> {
                for (AtomicBoolean flag : flags) {
                    while (!flag.get()) {
                        set.await(Long.MAX_VALUE);
                    }
                }
                return null;
            });
            for (AtomicBoolean flag : flags) {
                flag.set(true);
                set.wakeUp();
            }
            waiting.result();
        }
    }

    @Test
    void noFrameIsSleptOver() throws Exception {
        Random random = Rounds.random("noFrameIsSleptOver");
        int rounds = Rounds.of(100_000);
        try (Pair pair = Pair.open(directory)) {
            Background<Void> echo = Background.start(() -> {
                int[] got = {0};
                while (got[0] < rounds) {
                    int frames = pair.server().receive((frame, owned) -> got[0]++, Pair.LONG);
                    assertThat(frames).isPositive();
                    ByteBuffer claimed = pair.server().claim(4);
                    pair.server().commit(claimed.putInt(got[0]));
                }
                return null;
            });
            int[] seen = {0};
            for (int i = 0; i < rounds; i++) {
                spin(random.nextInt(2_000)); // so that the other end is now awake, now asleep, now on its way
                sendAndFlush(pair.client(), ByteBuffer.allocate(8));
                while (seen[0] <= i) {
                    assertThat(pair.client().receive((frame, owned) -> seen[0] = frame.getInt(), Pair.LONG))
                            .isPositive();
                }
            }
            echo.result();
        }
    }

    private static void spin(int count) {
        for (int i = 0; i < count; i++) {
            Thread.onSpinWait();
        }
    }

    /** Sleeps in the set, and polls when it wakes unless another one does, until so many frames have come. */
    private static Background<Void> sleeper(
            Pair pair, WaitSet set, AtomicInteger got, AtomicBoolean polling, int frames) {
        return Background.start(() -> {
            while (got.get() < frames) {
                set.await(LONG);
                if (polling.compareAndSet(false, true)) {
                    pair.server().poll((frame, owned) -> got.incrementAndGet());
                    polling.set(false);
                }
            }
            return null;
        });
    }

    /** What the engine's deputy does: one sleeps in the set, another polls beside it, then leaves; nothing may stay. */
    @Test
    void whoPollsBesideASleeperStealsNothing() throws Exception {
        int rounds = Rounds.of(50_000);
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            AtomicInteger got = new AtomicInteger();
            AtomicBoolean polling = new AtomicBoolean();
            CyclicBarrier barrier = new CyclicBarrier(2);
            Background<Void> sleeper = sleeper(pair, set, got, polling, 2 * rounds);
            Background<Void> guest = Background.start(() -> {
                for (int i = 0; i < rounds; i++) {
                    barrier.await(); // at the moment of the first frame; it may take it, the second it leaves alone
                    if (polling.compareAndSet(false, true)) {
                        pair.server().poll((frame, owned) -> got.incrementAndGet());
                        pair.server().look(null); // as a poll does now and then
                        polling.set(false);
                    }
                }
                return null;
            });
            for (int i = 0; i < rounds; i++) {
                barrier.await();
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                long start = System.nanoTime();
                while (got.get() < 2 * i + 2) {
                    assertThat(System.nanoTime() - start).isLessThan(LONG);
                    Thread.onSpinWait();
                }
            }
            guest.result();
            set.wakeUp();
            sleeper.result();
        }
    }

    @Test
    void aBellEndsTheWaitAlsoIfAnotherHasTakenTheFrame() throws Exception {
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            for (int i = 0; i < 20; i++) {
                Background<Void> waiting = Background.start(() -> {
                    set.await(LONG);
                    return null;
                });
                waiting.awaitSelecting();
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                while (pair.server().poll((frame, owned) -> {}) == 0) {
                    Thread.onSpinWait();
                }
                waiting.result();
            }
        }
    }

    @Test
    void theEndOfAPeerWakesAtOnce() throws Exception {
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            Background<Boolean> waiting = Background.start(() -> {
                set.await(LONG);
                return set.isReady(pair.server());
            });
            waiting.awaitSelecting();
            pair.client().close();
            assertThat(waiting.result()).isTrue();
            set.await(LONG);
            assertThat(set.isReady(pair.server())).isTrue();
        }
    }

    @Test
    void whoAttendsSparesTheSenderABell() throws Exception {
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            for (int i = 0; i < 20; i++) {
                Background<Void> waiting = Background.start(() -> {
                    set.await(LONG);
                    return null;
                });
                waiting.awaitSelecting();
                set.attended(pair.server());
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                assertThat(pair.server().poll((frame, owned) -> {})).isEqualTo(1);
                set.unattended(pair.server());
                assertThat(pair.server().socket().poll((frame, owned) -> {}))
                        .as("bells")
                        .isZero();
                waiting.awaitSelecting();
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                waiting.result();
                assertThat(pair.server().poll((frame, owned) -> {})).isEqualTo(1);
            }
        }
    }

    /** What the engine does: who calls takes the reading from a sleeper for a while, and gives it back. */
    @Test
    void whoAttendsBesideASleeperStealsNothing() throws Exception {
        Random random = Rounds.random("whoAttendsBesideASleeperStealsNothing");
        int rounds = Rounds.of(50_000);
        try (Pair pair = Pair.open(directory);
                WaitSet set = new ShmTransport().openWaitSet()) {
            set.add(pair.server());
            AtomicInteger got = new AtomicInteger();
            AtomicBoolean polling = new AtomicBoolean();
            AtomicBoolean over = new AtomicBoolean();
            Background<Void> sleeper = sleeper(pair, set, got, polling, rounds);
            Background<Void> guest = Background.start(() -> {
                Random turns = new Random(1);
                while (!over.get()) {
                    if (polling.compareAndSet(false, true)) {
                        set.attended(pair.server());
                        for (int i = turns.nextInt(20); i >= 0; i--) {
                            pair.server().poll((frame, owned) -> got.incrementAndGet());
                        }
                        polling.set(false);
                        set.unattended(pair.server());
                    }
                    spin(turns.nextInt(2_000));
                }
                return null;
            });
            for (int i = 0; i < rounds; i++) {
                spin(random.nextInt(2_000));
                sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                long start = System.nanoTime();
                while (got.get() <= i) {
                    assertThat(System.nanoTime() - start).isLessThan(LONG);
                    Thread.onSpinWait();
                }
            }
            over.set(true);
            guest.result();
            set.wakeUp();
            sleeper.result();
        }
    }
}
