// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.spi.Address;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;

/** What tests decide: the randomness and the time. */
@Timeout(30)
class WeatherTest {
    /** What a script of offers and polls does in some weather. */
    private static List<Integer> behaviour(Weather weather) throws IOException {
        List<Integer> seen = new ArrayList<>();
        MemoryTransport transport = new MemoryTransport(weather);
        try (Listener listener = transport.listen(transport.freshAddress());
                PollableConnection client = transport.connect(listener.address(), Duration.ZERO);
                PollableConnection server = (PollableConnection) listener.accept(Duration.ZERO)) {
            ByteBuffer frame = ByteBuffer.allocate(500);
            for (int i = 0; i < 200; i++) {
                if (client.offer(frame)) {
                    frame.rewind();
                }
                seen.add(frame.position());
                seen.add(client.flushNow() ? 1 : 0);
                seen.add(server.poll((bytes, owned) -> seen.add(owned ? -1 : -2)));
            }
        }
        return seen;
    }

    @Test
    void theSameSeedBehavesTheSame() throws IOException {
        MemoryClock clock = MemoryClock.still();
        Weather storm = new Weather(7, 33, 33, 33, Duration.ZERO, clock);
        assertThat(behaviour(storm)).isEqualTo(behaviour(storm));
        assertThat(behaviour(storm)).isNotEqualTo(behaviour(new Weather(8, 33, 33, 33, Duration.ZERO, clock)));
        assertThat(behaviour(storm)).contains(0, 1, -1, -2);
        assertThat(behaviour(Weather.CALM)).containsOnly(0, 1, -1);
    }

    @Test
    void framesArriveWhenTheClockSaysSo() throws IOException {
        MemoryClock.Still clock = MemoryClock.still();
        MemoryTransport transport = new MemoryTransport(new Weather(1, 0, 0, 0, Duration.ofSeconds(10), clock));
        try (Listener listener = transport.listen(transport.freshAddress());
                PollableConnection client = transport.connect(listener.address(), Duration.ZERO);
                PollableConnection server = (PollableConnection) listener.accept(Duration.ZERO)) {
            client.send(ByteBuffer.allocate(5));
            client.flush();
            List<Integer> lengths = new ArrayList<>();
            assertThat(server.poll((frame, owned) -> lengths.add(frame.remaining())))
                    .isZero();
            clock.advance(Duration.ofSeconds(10));
            assertThat(server.poll((frame, owned) -> lengths.add(frame.remaining())))
                    .isEqualTo(1);
            assertThat(lengths).containsExactly(5);
        }
    }

    @Test
    void limitsAreOfTheClock() throws Exception {
        MemoryClock.Still clock = MemoryClock.still();
        MemoryTransport transport = new MemoryTransport(Weather.CALM.by(clock));
        try (Listener listener = transport.listen(transport.freshAddress())) {
            CompletableFuture<Boolean> nobody = CompletableFuture.supplyAsync(() -> {
                try {
                    return listener.accept(Duration.ofDays(1)) == null;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (clock.waiting() == 0) {
                Thread.onSpinWait();
            }
            clock.advance(Duration.ofHours(23));
            assertThat(nobody.isDone()).isFalse();
            clock.advance(Duration.ofHours(1));
            assertThat(nobody.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAddressChoosesTheWeather() {
        Address storm = Address.parse("mem:name?weather=storm&seed=42");
        assertThat(Weather.CALM.of(storm.options())).isEqualTo(Weather.storm(42));
        assertThat(Weather.storm(1).of(Address.parse("mem:name?weather=calm").options()))
                .isEqualTo(Weather.CALM);
        assertThatThrownBy(() ->
                        Weather.CALM.of(Address.parse("mem:name?weather=fog").options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fog");
    }
}
