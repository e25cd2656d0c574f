// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.io.EOFException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveFullException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.Task;
import org.processional.spi.Address;
import org.processional.spi.Connection;

/** What goes beyond a limit fails with its name, and everything else goes on. */
@Timeout(120)
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class LimitsTest extends OverTransports {
    private static volatile CountDownLatch gate = new CountDownLatch(1); // a new one for each test

    @TempDir
    Path files;

    private Server serving(Limits limits) {
        return serve(address("l"), ServeOptions.builder().limits(limits).build());
    }

    @Test
    void connections() {
        try (Server server = serving(Limits.builder().connections(2).build());
                SlaveProcess first = client(server.address())) {
            SlaveProcess second = client(server.address());
            assertThatThrownBy(() -> client(server.address()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("serves 2 clients already")
                    .hasMessageContaining("connections");
            assertThat(first.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            second.close();
            await().until(() -> server.clients() == 1);
            try (SlaveProcess third = client(server.address())) {
                assertThat(third.<Integer, RuntimeException>invoke(() -> 3)).isEqualTo(3);
            }
        }
    }

    @Test
    void exportedObjects() {
        try (Server server = serving(Limits.builder().exports(3).build());
                SlaveProcess client = client(server.address());
                SlaveProcess other = client(server.address())) {
            List<Proxy<Object>> kept = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                kept.add(client.wrap(() -> new Object()));
            }
            assertThatThrownBy(() -> client.wrap(() -> new Object()))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("keeps 3 objects")
                    .hasMessageContaining("exports");
            assertThat(client.exports()).as("what was refused is not kept").hasSize(3);
            assertThat(other.<Object>wrap(() -> new Object()))
                    .as("others have their own")
                    .isNotNull();
            kept.get(0).close();
            await().until(() -> client.exports().size() <= 3);
            assertThat(client.<Object>wrap(() -> new Object())).isNotNull();
        }
    }

    @Test
    void threads() throws Exception {
        gate = new CountDownLatch(1);
        try (Server server = serving(Limits.builder().threads(2).build());
                SlaveProcess client = client(server.address())) {
            List<Task<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                running.add(client.<Boolean>thread((Call<Boolean, InterruptedException>) () -> {
                    gate.await();
                    return true;
                }));
            }
            assertThatThrownBy(() -> client.<Integer>thread((Call<Integer, RuntimeException>) () -> 1)
                            .await())
                    .isInstanceOf(SlaveFullException.class)
                    .hasMessageContaining("2 functions in threads of their own");
            assertThat(client.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            gate.countDown();
            for (Task<Boolean> each : running) {
                assertThat(each.await()).isTrue();
            }
            await().untilAsserted(() -> assertThat(client.<Integer>thread((Call<Integer, RuntimeException>) () -> 5)
                            .await())
                    .isEqualTo(5));
        }
    }

    /** One who connects and says nothing is sent away, long before the default of 10 s. */
    @Test
    void theTimeForTheGreeting() throws Exception {
        try (Server server =
                        serving(Limits.builder().greeting(Duration.ofSeconds(2)).build());
                Connection silent =
                        provider(transport).connect(Address.parse(server.address()), Duration.ofSeconds(20))) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> receiveAll(silent)).isInstanceOf(EOFException.class);
            assertThat(System.nanoTime() - start).isLessThan(9_000_000_000L);
            try (SlaveProcess client = client(server.address())) {
                assertThat(client.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            }
        }
    }

    private static void receiveAll(Connection connection) throws IOException {
        int frames;
        do {
            frames = connection.receive((frame, owned) -> {}, Duration.ofSeconds(60));
        } while (frames > 0);
    }

    /** A class that is new in every run, so that no cache has it. */
    @Test
    void shippedBytes() throws Exception {
        String body = "package foreign; public class Told implements org.processional.Call<String, RuntimeException> {"
                + " public String call() { return \"" + System.nanoTime() + "\"; } }";
        Path source = Files.writeString(
                Files.createDirectories(files.resolve("foreign")).resolve("Told.java"), body);
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(failed).isZero();
        Limits none = Limits.builder().shippedBytes(0).build();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {files.toUri().toURL()});
                SlaveProcess slave = slave(SlaveOptions.builder().limits(none).build())) {
            @SuppressWarnings("unchecked") // it is one
            Call<String, RuntimeException> told = (Call<String, RuntimeException>)
                    loader.loadClass("foreign.Told").getConstructor().newInstance();
            assertThatThrownBy(() -> slave.invoke(told))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("foreign.Told")
                    .rootCause()
                    .hasMessageContaining("shippedBytes");
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    // ---- what the system holds a slave to

    @Test
    void priorityAndCgroup() throws Exception {
        Path members = files.resolve("cgroup.procs");
        Files.createFile(members); // a folder like that of a cgroup, which notes who came
        SlaveOptions options = SlaveOptions.builder().nice(7).cgroup(files).build();
        try (SlaveProcess slave = slave(options)) {
            String stat = Files.readString(Path.of("/proc/" + slave.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            assertThat(Integer.parseInt(fields[16])).as("nice").isEqualTo(Math.min(19, nice() + 7));
            Path group = Path.of("/proc/" + slave.pid() + "/autogroup");
            if (Files.exists(group)) { // else the system does not group processes by session
                assertThat(Files.readString(group).strip()).endsWith(" nice 7");
            }
            assertThat(Files.readString(members).strip()).isEqualTo(String.valueOf(slave.pid()));
        }
    }

    /** The nice value of this process, which its slaves begin with. */
    private static int nice() throws Exception {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void aFolderThatIsNoCgroupIsNamedBeforeAnythingStarts() {
        assertThatThrownBy(() -> slave(
                        SlaveOptions.builder().cgroup(files.resolve("nowhere")).build()))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("the option cgroup")
                .hasMessageContaining("cgroup.procs does not exist")
                .hasMessageContaining("Delegate=yes");
    }
}
