// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.engine.log.Entry;
import org.processional.spi.FrameOutput;
import org.slf4j.event.Level;

/** Records of a slave as they arrive: their form, their order, and how many there can be. */
@Timeout(60)
class SlaveLogTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Entry entry(String message) {
        return new Entry(Level.INFO, "com.acme.Job", "worker", message, Map.of("user", "ann"), null);
    }

    private static ByteBuffer body(Entry entry) {
        FrameOutput out = new FrameOutput(512, 1 << 30);
        LogBody.write(entry, out);
        return out.frame();
    }

    private static List<String> frames(Throwable error) {
        return Arrays.stream(error.getStackTrace())
                .map(StackTraceElement::toString)
                .toList();
    }

    @Test
    void aRecordArrivesAsItWas() {
        Throwable error = new IllegalStateException("why", new RuntimeException("cause"));
        Entry sent = new Entry(Level.ERROR, "com.acme.Job", "worker", "text", Map.of("user", "ann"), error);
        Entry read = LogBody.read(body(sent));
        assertThat(read.level()).isEqualTo(Level.ERROR);
        assertThat(read.logger()).isEqualTo("com.acme.Job");
        assertThat(read.thread()).isEqualTo("worker");
        assertThat(read.message()).isEqualTo("text");
        assertThat(read.context()).containsExactly(Map.entry("user", "ann"));
        assertThat(read.error()).isInstanceOf(StandInException.class).hasToString(error.toString());
        assertThat(frames(read.error())).isEqualTo(frames(error));
        assertThat(read.error().getCause()).hasToString("java.lang.RuntimeException: cause");
    }

    @Test
    void aLongExceptionIsCutToItsOwnFrames() {
        Throwable error = new IllegalStateException("x".repeat(60_000));
        for (int i = 0; i < 50; i++) {
            error = new IllegalStateException("y".repeat(60_000), error);
        }
        ByteBuffer body = body(new Entry(Level.ERROR, "l", "t", "text", Map.of(), error));
        assertThat(body.remaining()).isLessThan(3 * LogBody.MOST_ERROR_BYTES);
        Throwable read = LogBody.read(body).error();
        assertThat(frames(read)).isEqualTo(frames(error));
        assertThat(read).hasNoCause();
        assertThat(read.toString()).endsWith("its causes are left out)");
    }

    @Test
    void aDamagedRecordIsRefused() {
        ByteBuffer level = body(entry("text"));
        level.put(0, (byte) 9);
        assertThatThrownBy(() -> LogBody.read(level)).isInstanceOf(CodecException.class);
        FrameOutput huge = new FrameOutput(512, 1 << 20);
        huge.putByte(2);
        huge.putString("l".repeat(Entry.MOST_CHARS + 1));
        assertThatThrownBy(() -> LogBody.read(huge.frame()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("damaged record");
    }

    @Test
    void recordsAreWrittenInTheirOrderWithWhoLogged() {
        List<String> texts = new CopyOnWriteArrayList<>();
        List<Map<String, String>> contexts = new CopyOnWriteArrayList<>();
        SlaveLog log = new SlaveLog("slave", (entry, text, context) -> {
            texts.add(text);
            contexts.add(context);
        });
        log.arrived(4711, "17", body(entry("one")));
        log.arrived(4711, null, body(entry("two")));
        log.await(LONG);
        assertThat(texts).containsExactly("[slave 4711, task 17] one", "[slave 4711] two");
        assertThat(contexts.get(0))
                .isEqualTo(Map.of(
                        "slave",
                        "slave",
                        "slave.pid",
                        "4711",
                        "slave.thread",
                        "worker",
                        "slave.task",
                        "17",
                        "user",
                        "ann"));
        assertThat(contexts.get(1)).doesNotContainKey("slave.task");
    }

    @Test
    void whatIsTooMuchIsLeftOutAndNobodyWaits() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        SlaveLog log = new SlaveLog("slave", (entry, text, context) -> {
            try {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            written.incrementAndGet();
        });
        ByteBuffer body = body(entry("m".repeat(10_000)));
        int most = (int) (SlaveLog.MOST_BYTES / body.remaining());
        for (int i = 0; i < 3 * most; i++) {
            log.arrived(4711, null, body.duplicate());
        }
        assertThat(written).as("nothing was awaited").hasValue(0);
        log.await(Duration.ofMillis(1));
        goOn.countDown();
        log.await(LONG);
        assertThat(written.get()).isBetween(most / 2, most + 2);
        int before = written.get();
        log.arrived(4711, null, body.duplicate());
        await().atMost(LONG).until(() -> written.get() > before);
    }

    @Test
    void aRecordThatCannotBeWrittenKeepsNoneBack() {
        List<String> texts = new CopyOnWriteArrayList<>();
        SlaveLog log = new SlaveLog("slave", (entry, text, context) -> {
            if (entry.message().equals("bad")) {
                throw new IllegalStateException("on purpose");
            }
            texts.add(entry.message());
        });
        log.arrived(4711, null, body(entry("bad")));
        log.arrived(4711, null, ByteBuffer.allocate(1));
        log.arrived(4711, null, body(entry("good")));
        log.await(LONG);
        assertThat(texts).containsExactly("good");
    }
}
