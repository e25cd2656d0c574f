// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Records before, over and after the connection. */
class ToMasterTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ToMaster log =
            new ToMaster(System.Logger.Level.INFO, new PrintStream(printed, true, StandardCharsets.UTF_8));
    private final List<Entry> sent = new ArrayList<>();

    private static Entry entry(String message) {
        return new Entry(Level.INFO, "com.acme.Job", "main", message, Map.of(), null);
    }

    private List<String> messages() {
        return sent.stream().map(Entry::message).toList();
    }

    @Test
    void whatComesBeforeTheConnectionWaitsForIt() {
        log.add(entry("one"));
        log.add(entry("two"));
        assertThat(sent).isEmpty();
        log.begin(sent::add);
        log.add(entry("three"));
        assertThat(messages()).containsExactly("one", "two", "three");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void onlySoManyWaitAndTheRestIsCounted() {
        for (int i = 0; i < ToMaster.MOST_EARLY + 5; i++) {
            log.add(entry("record " + i));
        }
        log.begin(sent::add);
        assertThat(sent).hasSize(ToMaster.MOST_EARLY + 1);
        assertThat(messages().get(ToMaster.MOST_EARLY)).startsWith("5 records were left out");
    }

    @Test
    void whatNobodyTakesIsPrintedWithItsError() {
        log.begin(entry -> false);
        log.add(new Entry(Level.ERROR, "com.acme.Job", "main", "alone", Map.of(), new IllegalStateException("why")));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("[main] ERROR com.acme.Job - alone" + System.lineSeparator()
                        + "java.lang.IllegalStateException: why")
                .contains("at org.processional.engine.log.ToMasterTest");
    }

    @Test
    void atTheEndItSaysHowManyWereLeftOut() {
        log.begin(new ToMaster.Way() {
            @Override
            public boolean take(Entry entry) {
                return true;
            }

            @Override
            public int leftOut() {
                return 3;
            }
        });
        log.end();
        assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("3 records were left out");
    }

    @Test
    void whatNeverHadAWayIsPrintedAtTheEnd() {
        log.add(entry("too early"));
        log.end();
        log.add(entry("too late"));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("[main] INFO com.acme.Job - too early", "[main] INFO com.acme.Job - too late");
    }

    @Test
    void whatSendingLogsIsNotSent() {
        log.begin(entry -> {
            log.add(entry("by sending"));
            return sent.add(entry);
        });
        log.add(entry("one"));
        log.add(entry("two"));
        assertThat(messages()).containsExactly("one", "two");
    }

    @Test
    void textsAndContextsAreCut() {
        Entry entry = new Entry(
                Level.INFO,
                "l".repeat(5000),
                "t",
                "m".repeat(100_000),
                java.util.stream.IntStream.range(0, 100)
                        .boxed()
                        .collect(java.util.stream.Collectors.toMap(i -> "key " + i, i -> "v".repeat(1000))),
                null);
        assertThat(entry.logger()).hasSizeLessThanOrEqualTo(Entry.MOST_NAME_CHARS);
        assertThat(entry.message())
                .hasSizeLessThanOrEqualTo(Entry.MOST_CHARS)
                .endsWith("... (83656 characters left out)");
        assertThat(entry.context()).hasSize(Entry.MOST_CONTEXT);
        assertThat(entry.context().values())
                .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(Entry.MOST_NAME_CHARS));
    }

    @Test
    void levelsOfJavaUtilLoggingAreThoseOfSlf4j() {
        assertThat(ToMasterHandler.level(java.util.logging.Level.SEVERE)).isEqualTo(Level.ERROR);
        assertThat(ToMasterHandler.level(java.util.logging.Level.WARNING)).isEqualTo(Level.WARN);
        assertThat(ToMasterHandler.level(java.util.logging.Level.INFO)).isEqualTo(Level.INFO);
        assertThat(ToMasterHandler.level(java.util.logging.Level.CONFIG)).isEqualTo(Level.DEBUG);
        assertThat(ToMasterHandler.level(java.util.logging.Level.FINE)).isEqualTo(Level.DEBUG);
        assertThat(ToMasterHandler.level(java.util.logging.Level.FINER)).isEqualTo(Level.TRACE);
        assertThat(ToMaster.number(System.Logger.Level.OFF)).isGreaterThan(Level.ERROR.toInt());
    }
}
