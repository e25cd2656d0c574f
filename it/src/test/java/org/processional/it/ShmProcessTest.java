// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.Server;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** What is the transport {@code shm} alone: its files and its names. */
@Tag("alone")
@Timeout(120)
class ShmProcessTest {
    @TempDir
    Path folder;

    private String address() {
        return "shm:" + folder.resolve("s");
    }

    private SlaveProcess shmSlave() {
        return slave(SlaveOptions.builder().address(address()).build());
    }

    @Test
    void aKilledSlaveIsADeathSoonAndLeavesNothing() throws Exception {
        Set<Path> before = RamDisk.rings(Heavy.pid());
        SlaveProcess slave = shmSlave();
        Task<?> running = slave.schedule(() -> Thread.currentThread().join());
        assertThat(slave.thread(() -> 1).await()).isEqualTo(1);
        long start = System.nanoTime();
        assertThat(new ProcessBuilder("kill", "-9", "" + slave.pid()).start().waitFor())
                .isZero();
        assertThatThrownBy(running::await)
                .isInstanceOf(SlaveDiedException.class)
                .hasMessageContaining("SIGKILL");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThatThrownBy(() -> slave.invoke(() -> 1)).isInstanceOf(SlaveDiedException.class);
        slave.close();
        assertThat(folder).isEmptyDirectory();
        await().untilAsserted( // what others of this process begin meanwhile comes and goes
                        () -> assertThat(RamDisk.rings(Heavy.pid())).isSubsetOf(before));
    }

    @Test
    void thisProcessServes() {
        String name = "shm:it-" + Heavy.pid();
        try (Server serving = serve(name);
                SlaveProcess client = client(name)) {
            assertThat(client.pid()).isEqualTo(Heavy.pid());
            assertThat(client.<Integer, RuntimeException>invoke(() -> 5)).isEqualTo(5);
            assertThat(serving.clients()).isEqualTo(1);
        }
        assertThatThrownBy(() -> client(
                        name,
                        org.processional.ClientOptions.builder()
                                .connectLimit(Duration.ofMillis(20))
                                .build()))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("nobody listens");
    }

    @Test
    void aClientOfAnotherKindIsRefusedAndHarmsNobody() {
        try (Server serving = serve(address())) {
            assertThatThrownBy(() -> client("unix:" + folder.resolve("s"))).isInstanceOf(ConnectionException.class);
            try (SlaveProcess client = client(address())) {
                assertThat(client.<Integer, RuntimeException>invoke(() -> 5)).isEqualTo(5);
            }
            assertThat(serving.isOpen()).isTrue();
        }
    }
}
