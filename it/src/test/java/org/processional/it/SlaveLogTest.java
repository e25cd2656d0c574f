// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.lang.System.Logger.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Output;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.TaskOptions;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What slaves log arrives in the log of their master; they print nothing. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class SlaveLogTest extends OverTransports {
    private static final String NAME = "com.acme.Job";

    private static SlaveOptions.Builder options(Level level) {
        return SlaveOptions.builder().output(Output.DISCARD).log(level);
    }

    /** Logs in three ways, at three levels each. */
    static int logAll() {
        MDC.put("user", "ann");
        LoggerFactory.getLogger(NAME).info("by SLF4J, {}", 1);
        LoggerFactory.getLogger(NAME).debug("no SLF4J");
        java.util.logging.Logger.getLogger(NAME).info("by java.util.logging");
        java.util.logging.Logger.getLogger(NAME).fine("no java.util.logging");
        System.getLogger(NAME).log(Level.WARNING, "by System.Logger, {0}", 2);
        System.getLogger(NAME).log(Level.DEBUG, "no System.Logger");
        LoggerFactory.getLogger(NAME).error("failed", new IllegalStateException("on purpose"));
        MDC.remove("user");
        return 7;
    }

    /** Runs first in the slave, before there is a connection. */
    public static final class First {
        private First() {}

        public static void main(String[] arguments) {
            LoggerFactory.getLogger(NAME).info("before the connection");
        }
    }

    @Test
    void recordsArriveWithLevelLoggerProcessAndTask() {
        String text;
        long pid;
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave = slave(
                    options(Level.INFO).initialClass(First.class.getName()).build())) {
                pid = slave.pid();
                assertThat(slave.invoke(() -> logAll())).isEqualTo(7);
                TaskOptions named = TaskOptions.builder().name("the named").build();
                slave.schedule(() -> LoggerFactory.getLogger(NAME).info("by a named task"), named)
                        .await();
            }
            text = log.text();
        }
        assertThat(text)
                .contains("INFO com.acme.Job - [slave " + pid + "] before the connection")
                .containsPattern("INFO com.acme.Job - \\[slave " + pid + ", task \\d+] by SLF4J, 1")
                .containsPattern("INFO com.acme.Job - \\[slave " + pid + ", task \\d+] by java.util.logging")
                .containsPattern("WARN com.acme.Job - \\[slave " + pid + ", task \\d+] by System.Logger, 2")
                .containsPattern("ERROR com.acme.Job - \\[slave " + pid + ", task \\d+] failed")
                .contains("java.lang.IllegalStateException: on purpose")
                .contains("at org.processional.it.SlaveLogTest.logAll")
                .contains("INFO com.acme.Job - [slave " + pid + ", task the named] by a named task")
                .doesNotContain("no ");
    }

    @Test
    void theLevelOfTheOptionIsWhatIsSentAndThatOfTheMasterWhatIsKept() {
        String text;
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave = slave(options(Level.WARNING).build())) {
                slave.invoke(() -> logAll());
            }
            text = log.text();
        }
        assertThat(text)
                .contains("] by System.Logger, 2", "] failed")
                .doesNotContain("by SLF4J", "by java.util.logging");
    }

    @Test
    void whatAlreadyCameIsLoggedInItsOrderThoughTheSlaveDies() {
        String text;
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave = slave(options(Level.INFO).build())) {
                for (int i = 0; i < 200; i++) {
                    String message = "record " + i + ".";
                    slave.schedule(() -> LoggerFactory.getLogger(NAME).info(message));
                }
                assertThatThrownBy(() -> slave.invoke(() -> System.exit(3))).hasMessageContaining("System.exit");
            }
            text = log.text();
        }
        int at = 0;
        for (int i = 0; i < 200; i++) {
            at = text.indexOf("] record " + i + ".", at);
            assertThat(at).as("record %s in its place", i).isPositive();
        }
    }

    @Test
    void aSlaveLogsForItselfByDefaultAndWithAProviderOfItsOwn() {
        String text;
        SlaveOptions own = options(Level.INFO)
                .flags("-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider", "-Dslf4j.internal.verbosity=WARN")
                .build();
        SlaveOptions none = SlaveOptions.builder().output(Output.DISCARD).build();
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave = slave(none)) {
                slave.invoke(() -> logAll());
            }
            assertThat(log.text()).doesNotContain(NAME);
            try (SlaveProcess slave = slave(own)) {
                slave.invoke(() -> logAll());
            }
            text = log.text();
        }
        assertThat(text)
                .contains("] by java.util.logging", "] by System.Logger, 2")
                .doesNotContain("by SLF4J");
    }

    @Test
    void aFloodNeitherStopsTheSlaveNorTheMaster() {
        String text;
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave =
                    slave(options(Level.INFO).closeLimit(Duration.ofSeconds(30)).build())) {
                int sum = slave.<Integer, RuntimeException>invoke(() -> {
                    String message = "m".repeat(10_000);
                    for (int i = 0; i < 3000; i++) {
                        LoggerFactory.getLogger(NAME).info(message);
                    }
                    return 42;
                });
                assertThat(sum).isEqualTo(42);
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> { // it may be left out itself, and then the count grows
                                    slave.invoke(
                                            () -> LoggerFactory.getLogger(NAME).info("after the flood"));
                                    return log.text().contains("] after the flood");
                                });
            }
            text = log.text();
        }
        int records = text.split("mmmmm\\R", -1).length - 1;
        assertThat(records == 3000 || text.contains("left out"))
                .as("%s records of 3000, and the rest is told", records)
                .isTrue();
        assertThat(text).contains("] after the flood");
    }

    /** The option is of what it prints, not of what it logs. */
    @Test
    void whatASlavePrintsIsLoggedLineByLineWithItsProcess() {
        String text;
        long pid;
        try (LogCapture log = new LogCapture()) {
            try (SlaveProcess slave =
                    slave(SlaveOptions.builder().output(Output.LOG).build())) {
                pid = slave.pid();
                slave.invoke(() -> {
                    System.out.println("by standard output");
                    System.err.println("by the error output");
                });
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> log.text().contains("by standard output")
                                && log.text().contains("by the error output"));
            }
            text = log.text();
        }
        assertThat(text)
                .containsPattern(
                        "INFO org.processional.slave - \\[[^\\]]*\\b" + pid + "\\b[^\\]]*] by standard output\\R")
                .containsPattern(
                        "INFO org.processional.slave - \\[[^\\]]*\\b" + pid + "\\b[^\\]]*] by the error output\\R");
    }

    @Test
    void aServerLogsForItself() {
        SlaveOptions options = options(Level.INFO).address(address("server")).build();
        assertThatThrownBy(() -> server(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log is INFO");
    }
}
