// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Server;
import org.processional.SlaveDeath.Reason;
import org.processional.SlaveDiedException;
import org.processional.SlaveFullException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Processes that are stopped say nothing; those whose tasks take long do. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class SilenceTest extends OverTransports {
    private static final String SILENCE = "processional.silence";
    private static final Duration LONG = Duration.ofSeconds(60);

    @AfterEach
    void usual() {
        System.clearProperty(SILENCE);
    }

    /** Stops a process; a thread that runs may finish what it does before the signal gets to it. */
    static void stop(long pid) throws Exception {
        signal(pid, "STOP");
        await().atMost(LONG).until(() -> hasStopped(pid));
    }

    private static boolean hasStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.allMatch(SilenceTest::isStopped);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.startsWith("T", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    private static void signal(long pid, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void whoTakesNothingHasNoRoomInTheEnd() throws Exception {
        SlaveOptions options =
                SlaveOptions.builder().roomLimit(Duration.ofMillis(200)).build();
        byte[] some = new byte[100 << 10]; // too little for shared memory
        try (SlaveProcess slave = slave(options)) {
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            List<Task<Integer>> sent = new ArrayList<>();
            stop(slave.pid());
            try {
                Optional<Task<Integer>> more = slave.trySchedule(() -> some.length);
                while (more.isPresent()) {
                    sent.add(more.get());
                    assertThat(sent).hasSizeLessThan(1000);
                    more = slave.trySchedule(() -> some.length);
                }
                assertThatThrownBy(() -> {
                            while (sent.size() < 1000) { // the system takes some more after a while
                                sent.add(slave.schedule(() -> some.length));
                            }
                        })
                        .isInstanceOf(SlaveFullException.class)
                        .hasMessageContaining("within PT0.2S")
                        .hasMessageContaining("does not take what was sent");
            } finally {
                signal(slave.pid(), "CONT");
            }
            for (Task<Integer> each : sent) {
                assertThat(each.await(LONG)).isEqualTo(some.length);
            }
        }
    }

    static int sleepThen(int result, long millis) throws Exception {
        Thread.sleep(millis); // in another process
        return result;
    }

    /** Several attempts: on a machine that has much to do, a slave may have no processor to give a sign. */
    @Test
    void aTaskThatTakesLongIsNoSilence() {
        System.setProperty(SILENCE, "2000");
        await().atMost(LONG).untilAsserted(() -> {
            try (LogCapture log = new LogCapture();
                    SlaveProcess slave = slave()) {
                assertThat(slave.<Integer, Exception>invoke(() -> sleepThen(4, 3000)))
                        .isEqualTo(4);
                assertThat(log.text()).doesNotContain("process " + slave.pid() + " at ");
            }
        });
    }

    @Test
    void aStoppedSlaveIsReportedOnceAndOnceMoreWhenItIsBack() throws Exception {
        System.setProperty(SILENCE, "4000");
        try (LogCapture log = new LogCapture();
                SlaveProcess slave = slave()) {
            String said = "process " + slave.pid() + " at ";
            stop(slave.pid());
            Task<Integer> waits = slave.schedule(() -> 5);
            await().atMost(LONG).until(() -> log.text().contains("has said nothing for "));
            signal(slave.pid(), "CONT");
            assertThat(waits.await(LONG)).isEqualTo(5);
            await().atMost(LONG).until(() -> log.text().contains(" is back, after "));
            assertThat(count(log.text(), said)).isEqualTo(2);
            assertThat(count(log.text(), "has said nothing")).isEqualTo(1);
        }
    }

    /** The other way round: a server awaits an answer of its client, and serves others meanwhile. */
    @Test
    void aStoppedClientThatOwesItsServerAnAnswerIsReported() throws Exception {
        System.setProperty(SILENCE, "4000");
        try (LogCapture log = new LogCapture();
                Server server = serve(address("s"));
                Jvm client = new Jvm(List.of(), Lender.class, server.address())) {
            assertThat(client.readLine()).isEqualTo("lent");
            long pid = client.process().pid();
            stop(pid);
            Task<Integer> next = Lender.lent().schedule(AtomicInteger::incrementAndGet);
            await().atMost(LONG).until(() -> log.text().contains("has said nothing for "));
            assertThat(log.text()).containsPattern("process " + pid + " at .* and 1 of its tasks are pending");
            try (SlaveProcess other = client(server.address())) {
                assertThat(other.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            }
            assertThat(next.isDone()).isFalse();
            signal(pid, "CONT");
            assertThat(next.await(LONG)).isEqualTo(42);
            await().atMost(LONG).until(() -> log.text().contains(" is back, after "));
            assertThat(count(log.text(), "has said nothing")).isEqualTo(1);
        }
    }

    /** Several attempts, as above. */
    @Test
    void aSlaveWhoseTaskTakesLongIsNotKilled() {
        SlaveOptions options =
                SlaveOptions.builder().silenceLimit(Duration.ofSeconds(2)).build();
        await().atMost(LONG).ignoreException(SlaveDiedException.class).until(() -> {
            try (SlaveProcess slave = slave(options)) {
                return slave.<Integer, Exception>invoke(() -> sleepThen(4, 3000)) == 4;
            }
        });
    }

    @Test
    void aSlaveThatIsSilentForLongerThanAllowedIsKilled() throws Exception {
        SlaveOptions options =
                SlaveOptions.builder().silenceLimit(Duration.ofSeconds(3)).build();
        try (SlaveProcess slave = slave(options)) {
            stop(slave.pid());
            Task<Integer> waits = slave.schedule(() -> 5);
            SlaveDiedException died = catchThrowableOfType(SlaveDiedException.class, () -> waits.await(LONG));
            assertThat(died.death().reason()).isEqualTo(Reason.KILLED_BY_MASTER);
            assertThat(died)
                    .hasMessageContaining("killed by this process: it was silent for ")
                    .hasMessageContaining("the option silenceLimit is PT3S");
            await().atMost(LONG).until(() -> !Jvm.isAlive(slave.pid()));
        }
    }

    @Test
    void aServerThatIsSilentForLongerThanAllowedIsLeft() throws Exception {
        ClientOptions options =
                ClientOptions.builder().silenceLimit(Duration.ofMillis(1500)).build();
        try (SlaveProcess server = server(address("s"));
                SlaveProcess client = client(address("s"), options)) {
            stop(server.pid()); // before anything is asked, so that there is no limit for one that lives
            try {
                assertThatThrownBy(() -> client.invoke(() -> 5))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("was lost: it was silent for ");
                assertThat(Jvm.isAlive(server.pid())).isTrue();
            } finally {
                signal(server.pid(), "CONT");
            }
            assertThat(server.<Integer, RuntimeException>invoke(() -> 6)).isEqualTo(6);
        }
    }
}
