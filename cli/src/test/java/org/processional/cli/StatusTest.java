// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.ClientOptions;
import org.processional.ProcessStatus;
import org.processional.Processional;
import org.processional.Proxy;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** What a server tells of itself. */
@Timeout(120)
class StatusTest extends CommandRuns {
    private static long sleep() throws InterruptedException {
        Thread.sleep(60_000);
        return 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "shm", "tcp"})
    void aBusyProcessTellsWhatItDoes(String transport) {
        try (SlaveProcess slave = Processional.slave(
                        SlaveOptions.builder().transport(transport).build());
                Proxy<String> kept = slave.wrap(() -> "kept")) {
            Task<Long> running = slave.schedule(() -> sleep());
            Task<Long> queued = slave.schedule(() -> sleep());
            Task<Long> beside = slave.thread(() -> sleep());
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                ProcessStatus status = slave.status();
                assertThat(status.running()).isEqualTo(2);
                assertThat(status.queued()).isEqualTo(1);
            });
            ProcessStatus status = slave.status();
            assertThat(status.pid()).isEqualTo(slave.pid());
            assertThat(status.id()).isEqualTo(slave.id());
            assertThat(status.version()).startsWith("Processional ");
            assertThat(status.javaVersion()).isEqualTo(Runtime.version().toString());
            assertThat(status.uptime()).isPositive();
            assertThat(status.clients()).isOne();
            assertThat(status.exports()).isOne();
            assertThat(status.threads()).isPositive();
            assertThat(status.heapUsedBytes()).isPositive().isLessThan(status.heapMaxBytes());
            running.cancel(true);
            queued.cancel(true);
            beside.cancel(true);
            assertThat(kept.get()).as("once the main thread is free").isEqualTo("kept");
        }
    }

    @Test
    void theHeapInUseIsToldBeforeTheFirstRegionIsFull() {
        try (SlaveProcess slave = Processional.slave(SlaveOptions.builder()
                .flags("-XX:+UseG1GC", "-XX:G1HeapRegionSize=32m")
                .build())) {
            assertThat(slave.status().heapUsedBytes()).isPositive();
        }
    }

    @Test
    void aVisitorNeitherKeepsNorEndsAServer() {
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> run("serve", "-a", fresh()));
        ClientOptions visitor = ClientOptions.builder().visitor(true).build();
        Processional.client(fresh(), visitor).close();
        await().during(Duration.ofMillis(300)).until(() -> !exit.isDone()); // it was no client that has left
        try (SlaveProcess client = Processional.client(fresh());
                SlaveProcess other = Processional.client(fresh(), visitor)) {
            assertThat(other.status().clients()).isOne();
            client.close();
            assertThat(exit.join()).isZero(); // it was the last one, whoever looks on
        }
    }

    @Test
    void aClientThatStaysForAMomentIsOne() {
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> run("serve", "-a", fresh()));
        Processional.client(fresh()).close();
        assertThat(exit.orTimeout(20, TimeUnit.SECONDS).join()).isZero();
    }

    @Test
    void aSpawnedServerEndsWithItsLastClientWhoeverLooksOn() {
        ClientOptions visitor = ClientOptions.builder().visitor(true).build();
        SlaveProcess server = Processional.server(fresh());
        try (SlaveProcess other = Processional.client(fresh(), visitor)) {
            assertThat(other.status().clients()).isOne();
            server.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> server.exitCode().isPresent());
            assertThat(other.isOpen()).isFalse();
        }
    }

    @Test
    void theCommandPrintsForPeopleAndForPrograms() {
        try (SlaveProcess server = Processional.server(fresh())) {
            assertThat(run("status", fresh())).isZero();
            assertThat(out.toString()
                            .lines()
                            .map(line -> line.replaceAll(" .*", ""))
                            .findFirst())
                    .contains(fresh());
            assertThat(out.toString())
                    .contains("  process   " + server.pid() + ", Processional ")
                    .contains("  clients   1\n")
                    .contains("  tasks     0 running, 0 queued\n")
                    .containsPattern("  up for    [0-9.]+ s\n");
            assertThat(run("status", "--json", fresh())).isZero();
            assertThat(out.toString())
                    .contains("{\"address\": \"" + fresh() + "\", \"pid\": " + server.pid() + ", \"id\": ")
                    .contains("\"clients\": 1, \"running\": 0, \"queued\": 0, \"exports\": 0");
        }
    }

    @Test
    void whereNobodyListensItSaysSo() {
        assertThat(run("status", fresh())).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("processional: no status of a server at " + fresh());
    }

    @Test
    void durationsHaveTheirTwoLargestUnits() {
        assertThat(Status.duration(Duration.ofMillis(1234))).isEqualTo("1.2 s");
        assertThat(Status.duration(Duration.ofSeconds(123))).isEqualTo("2 min 3 s");
        assertThat(Status.duration(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(Status.duration(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }
}
