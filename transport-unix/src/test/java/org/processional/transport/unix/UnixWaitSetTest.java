// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    @Test
    void whatAConnectionWaitedWithGoesWhenASetWaitsForIt() throws Exception {
        try (Pair pair = Pair.open(Kind.JDK, directory);
                ChannelWaitSet set = new UnixTransport().openWaitSet()) {
            int before = descriptors();
            assertThat(pair.server().receive((frame, owned) -> {}, Duration.ofMillis(1)))
                    .isZero();
            assertThat(descriptors()).as("a selector of its own").isGreaterThan(before);
            set.add(pair.server());
            set.await(0); // what was closed is let go by a wait
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
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
            Pair.sendAndFlush(jnr.client(), ByteBuffer.allocate(1));
            set.await(LONG);
            assertThat(set.isReady(jnr.server())).isTrue();
            set.remove(jnr.server());
            set.add(jdk.server());
            Pair.sendAndFlush(jdk.client(), ByteBuffer.allocate(1));
            set.await(LONG);
            assertThat(set.isReady(jdk.server())).isTrue();
        }
    }
}
