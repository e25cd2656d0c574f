// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.FrameHandler;
import org.processional.spi.Listener;

@Timeout(300)
final class TwoJvmsTest {
    private final ShmTransport transport = new ShmTransport();

    @TempDir
    Path directory;

    @Test
    void bytesKeepTheirSumInBothDirectionsAtOnce() throws Exception {
        Random random = Rounds.random("bytesKeepTheirSumInBothDirectionsAtOnce");
        long seed = random.nextInt();
        int frames = Rounds.of(10_000_000);
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10));
                Jvm peer = Jvm.start("traffic", listener.address().toString(), "" + seed, "" + frames);
                ShmConnection connection = (ShmConnection) listener.accept(Pair.LONG)) {
            Background<Long> sender = Background.start(() -> Traffic.send(connection, seed + 2, frames));
            long received = Traffic.receive(connection, seed, frames, true);
            assertThat(peer.line()).isEqualTo("received " + sender.result());
            assertThat(peer.line()).isEqualTo("sent " + received);
            connection.close();
            assertThat(peer.line()).isEqualTo("end");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPeerThatIsKilledAtAnyMomentIsAnEndWithinOneSecondAndLeavesNothing() throws Exception {
        Random random = Rounds.random("aPeerThatIsKilledAtAnyMomentIsAnEnd");
        List<String> before = rings();
        int late = 0;
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Listener listener = transport.listen(Pair.address(directory, 64 << 10));
                    Jvm peer = Jvm.start("babble", listener.address().toString());
                    ShmConnection connection = (ShmConnection) listener.accept(Pair.LONG)) {
                long[] frames = {0};
                long killAfter = random.nextInt(5_000);
                boolean sleeps = random.nextBoolean();
                FrameHandler check = (frame, owned) -> {
                    assertThat(frame.mismatch(Pair.pattern(frame.remaining(), false)))
                            .isEqualTo(-1);
                    frames[0]++;
                };
                while (frames[0] < killAfter) {
                    connection.receive(check, Pair.LONG);
                }
                peer.kill();
                peer.awaitExit();
                long start = System.nanoTime();
                assertThatThrownBy(() -> {
                            while (true) {
                                if (sleeps) {
                                    connection.receive(check, Pair.LONG);
                                } else {
                                    connection.poll(check);
                                }
                            }
                        })
                        .isInstanceOf(EOFException.class)
                        .hasMessageContaining("has closed the connection, or died");
                long nanos = System.nanoTime() - start;
                late += nanos < 1_000_000_000 ? 0 : 1;
                assertThat(nanos).isLessThan(10_000_000_000L);
            }
        }
        assertThat(late).as("rounds in which the machine had no processor").isLessThanOrEqualTo(Rounds.of(200) / 10);
        assertThat(directory).isEmptyDirectory();
        assertThat(rings()).isSubsetOf(before);
    }

    private static List<String> rings() {
        String[] names = new File("/dev/shm").list((folder, name) -> name.startsWith("processional-ring-"));
        return names == null ? List.of() : Arrays.asList(names);
    }
}
