// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelWaitSet;

@Timeout(120)
final class UnixWaitSetTest {
    private static final long LONG = Pair.LONG.toNanos();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void readinessIsLevelTriggered(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(pair.server());
            set.add(pair.client());
            assertThat(set.isReady(pair.server())).isFalse();
            set.await(0);
            assertThat(set.isReady(pair.server())).isFalse();
            UnixConnectionTest.sendAndFlush(pair.client(), ByteBuffer.allocate(1));
            for (int i = 0; i < 3; i++) {
                set.await(Long.MAX_VALUE);
                assertThat(set.isReady(pair.server())).isTrue();
                assertThat(set.isReady(pair.client())).isFalse();
            }
            pair.server().poll((frame, owned) -> {});
            set.await(1);
            assertThat(set.isReady(pair.server())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerIsReadyWhenSomebodyConnects(Kind kind) throws Exception {
        UnixTransport transport = new UnixTransport();
        try (UnixListener listener = transport.listen(kind.address(directory));
                ChannelWaitSet set = transport.openWaitSet()) {
            Background<Void> waiting = Background.start(() -> {
                while (!set.isReady(listener)) {
                    set.await(LONG);
                }
                return null;
            });
            waiting.awaitSelecting(); // in the selector of an empty set
            set.add(listener);
            try (ChannelConnection client = transport.connect(listener.address(), Pair.LONG)) {
                waiting.result();
                ChannelConnection server = listener.accept(Duration.ZERO);
                assertThat(server).isNotNull();
                server.close();
                assertThat(client.isClosed()).isFalse();
            }
            set.await(1);
            assertThat(set.isReady(listener)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomToWriteIsWaitedForWhereItIsWanted(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(pair.client());
            set.await(1_000_000);
            assertThat(set.isReady(pair.client())).isFalse();
            ByteBuffer frame = ByteBuffer.allocate(10 << 20);
            assertThat(pair.client().offer(frame)).isFalse();
            set.writable(pair.client(), true);
            set.await(1_000_000);
            assertThat(set.isReady(pair.client())).isFalse();
            int[] got = {0};
            boolean taken = false;
            while (got[0] == 0) {
                pair.server().poll((f, owned) -> got[0] = f.remaining());
                set.await(0);
                if (set.isReady(pair.client())) {
                    taken = taken || pair.client().offer(frame);
                    taken = taken && pair.client().flushNow();
                }
            }
            assertThat(got[0]).isEqualTo(10 << 20);
            set.await(LONG);
            assertThat(set.isReady(pair.client())).isTrue();
            set.writable(pair.client(), false);
            set.await(1_000_000);
            assertThat(set.isReady(pair.client())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void wakeUpEndsTheWaitThatIsOnOrTheNext(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(pair.server());
            set.wakeUp();
            set.wakeUp();
            set.await(Long.MAX_VALUE);
            Background<Void> waiting = Background.start(() -> {
                set.await(Long.MAX_VALUE);
                return null;
            });
            waiting.awaitSelecting();
            set.wakeUp();
            waiting.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noWakeUpIsLost(Kind kind) throws Exception {
        int rounds = Rounds.of(50_000);
        AtomicBoolean[] flags = new AtomicBoolean[rounds];
        for (int i = 0; i < rounds; i++) {
            flags[i] = new AtomicBoolean();
        }
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
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

    @ParameterizedTest
    @EnumSource
    void closingAMemberWakesTheWaitAndFreesItsDescriptor(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(kind, directory);
                    ChannelWaitSet set = new UnixTransport().openWaitSet()) {
                set.add(pair.server());
                set.add(pair.listener());
                Background<Boolean> waiting = Background.start(() -> {
                    set.await(Long.MAX_VALUE);
                    return set.isReady(pair.server());
                });
                if (round % 2 == 0) {
                    waiting.awaitSelecting();
                }
                pair.server().close();
                assertThat(waiting.result()).isTrue();
                set.await(0);
                set.remove(pair.server());
                assertThatThrownBy(() -> set.add(pair.server()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("closed");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedMemberOfASetThatNobodyWaitsInLosesItsDescriptor(Kind kind) throws Exception {
        UnixTransport transport = new UnixTransport();
        try (UnixListener listener = transport.listen(kind.address(directory));
                ChannelWaitSet set = transport.openWaitSet()) {
            set.add(listener);
            set.await(0);
            long before = Rounds.descriptors();
            for (int i = 0; i < 50; i++) {
                ChannelConnection client = transport.connect(listener.address(), Pair.LONG);
                ChannelConnection server = listener.accept(Pair.LONG);
                set.add(client);
                set.add(server);
                set.await(0);
                client.close();
                server.close();
            }
            assertThat(Rounds.descriptors()).isLessThan(before + 10); // the listener's own selector came along
        }
    }

    @ParameterizedTest
    @EnumSource
    void removedMembersAreForgottenAndCanComeBack(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            UnixConnectionTest.sendAndFlush(pair.client(), ByteBuffer.allocate(1));
            for (int i = 0; i < 5; i++) {
                set.add(pair.server());
                set.add(pair.server());
                set.await(LONG);
                assertThat(set.isReady(pair.server())).isTrue();
                set.remove(pair.server());
                set.remove(pair.server());
                if (i % 2 == 0) {
                    set.await(1_000_000);
                    assertThat(set.isReady(pair.server())).isFalse();
                }
            }
            assertThat(UnixConnectionTest.receiveOne(pair.server())).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWaitAndStaysSet(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(pair.server());
            Thread.currentThread().interrupt();
            set.await(Long.MAX_VALUE);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            UnixConnectionTest.sendAndFlush(pair.client(), ByteBuffer.allocate(1));
            set.await(Long.MAX_VALUE);
            assertThat(set.isReady(pair.server())).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            pair.server().poll((frame, owned) -> {});
            Background<Boolean> waiting = Background.start(() -> {
                set.await(Long.MAX_VALUE);
                return Thread.currentThread().isInterrupted();
            });
            waiting.awaitSelecting();
            waiting.thread().interrupt();
            assertThat(waiting.result()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsTheWaitAndTheMembersStayOpen(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(kind, directory)) {
                ChannelWaitSet set = new UnixTransport().openWaitSet();
                set.add(pair.server());
                Background<Void> waiting = Background.start(() -> {
                    set.await(Long.MAX_VALUE);
                    return null;
                });
                if (round % 2 == 0) {
                    waiting.awaitSelecting();
                }
                set.close();
                set.close();
                set.wakeUp();
                assertThat(waiting.failure()).isInstanceOf(IOException.class).hasMessageContaining("closed");
                assertThatThrownBy(() -> set.await(0)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> set.add(pair.client())).isInstanceOf(IOException.class);
                UnixConnectionTest.sendAndFlush(pair.client(), ByteBuffer.allocate(1));
                assertThat(UnixConnectionTest.receiveOne(pair.server())).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsAreNotShorterThanAskedFor(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(pair.server());
            for (long nanos : new long[] {1, 300_000, 1_000_000, 5_500_000}) {
                long start = System.nanoTime();
                set.await(nanos);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void membersComeAndGoWhileSomebodyWaits(Kind kind) throws Exception {
        Random random = Rounds.random("membersComeAndGoWhileSomebodyWaits");
        UnixTransport transport = new UnixTransport();
        AtomicBoolean over = new AtomicBoolean();
        try (UnixListener listener = transport.listen(kind.address(directory));
                ChannelWaitSet set = transport.openWaitSet()) {
            Background<Void> waiting = Background.start(() -> {
                while (!over.get()) {
                    set.await(Long.MAX_VALUE);
                }
                return null;
            });
            for (int round = 0; round < Rounds.of(1_000); round++) {
                List<ChannelConnection> ends = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    ends.add(transport.connect(listener.address(), Pair.LONG));
                    ends.add(listener.accept(Pair.LONG));
                }
                for (int i = 0; i < 20; i++) {
                    ChannelConnection end = ends.get(random.nextInt(ends.size()));
                    switch (random.nextInt(3)) {
                        case 0 -> set.add(end);
                        case 1 -> set.remove(end);
                        default -> set.writable(end, random.nextBoolean());
                    }
                }
                ends.forEach(ChannelConnection::close);
            }
            over.set(true);
            set.wakeUp();
            waiting.result();
        }
    }

    @Test
    void oneSetHoldsOneKind() throws Exception {
        try (Pair jdk = Pair.open(Kind.JDK, directory);
                Pair jnr = Pair.open(Kind.JNR, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            set.add(jdk.server());
            assertThatThrownBy(() -> set.add(jnr.server()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("provider jnr")
                    .hasMessageContaining("use jdk");
            set.remove(jdk.server());
            set.add(jnr.server());
            UnixConnectionTest.sendAndFlush(jnr.client(), ByteBuffer.allocate(1));
            set.await(LONG);
            assertThat(set.isReady(jnr.server())).isTrue();
            set.remove(jnr.server());
            set.add(jdk.server());
            UnixConnectionTest.sendAndFlush(jdk.client(), ByteBuffer.allocate(1));
            set.await(LONG);
            assertThat(set.isReady(jdk.server())).isTrue();
        }
    }
}
