// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.ConnectionException;
import org.processional.Output;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.spi.Address;

/** Ends that come from elsewhere leave nothing behind, and strangers harm nobody. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class LeakTest extends OverTransports {
    private static boolean hasReader(String address) {
        String target = Address.parse(address).target();
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.startsWith("processional-reader-") && name.contains(target));
    }

    @Test
    void aDroppedHandleOfADeadSlaveKeepsNoReader() {
        String address = dieAndDrop();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return !hasReader(address);
        });
    }

    /** The address of one that was dropped when it had died. */
    private static String dieAndDrop() {
        SlaveProcess dead = slave(SlaveOptions.builder().output(Output.DISCARD).build());
        assertThatThrownBy(() -> dead.invoke(() -> Runtime.getRuntime().halt(3)))
                .isInstanceOf(SlaveDiedException.class);
        assertThat(hasReader(dead.address())).isTrue();
        return dead.address();
    }

    @Test
    void whatAServerStartedGoesWithIt() throws IOException {
        long child;
        SlaveProcess owner = server(address("s"));
        child = owner.<Long, IOException>invoke(
                () -> new ProcessBuilder("sleep", "1000").start().pid());
        assertThat(Jvm.isAlive(child)).isTrue();
        owner.close(); // it was the last client, and its JVM goes on
        await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(child));
    }

    /** An initial class that waits until it may go on. */
    public static final class Waits {
        private Waits() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(System.getenv("FOLDER"));
            Path hidden = Files.writeString(folder.resolve("hidden"), Long.toString(Heavy.pid()));
            Files.move(hidden, folder.resolve("waits"));
            while (!Files.exists(folder.resolve("go"))) {
                Thread.sleep(5); // in another process
            }
        }
    }

    private SlaveOptions.Builder waiting() {
        return waiting(folder);
    }

    private static SlaveOptions.Builder waiting(Path folder) {
        return SlaveOptions.builder()
                .environment(Map.of("FOLDER", folder.toString()))
                .initialClass(Waits.class.getName())
                .output(Output.DISCARD);
    }

    @Test
    void aServerThatSomebodyWasQuickerThanIsNotTakenForOurs() {
        String address = address("s");
        SlaveOptions options = waiting().address(address).build();
        Task<SlaveProcess> starting = thread(() -> server(options));
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("waits")));
        try (Server quicker = serve(address)) {
            assertThatThrownBy(starting::await)
                    .isInstanceOf(SlaveStartException.class)
                    .hasMessageContaining("address in use: process " + Heavy.pid());
            await().until(() -> quicker.clients() == 0);
        }
    }

    /** A master whose server never has started. */
    static final class MasterOfAStartingServer {
        private MasterOfAStartingServer() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            server(waiting(folder).address(arguments[1]).build());
        }
    }

    @Test
    void aServerThatHasNotStartedGoesWithItsMaster() throws Exception {
        try (Jvm master =
                new Jvm(java.util.List.of(), MasterOfAStartingServer.class, folder.toString(), address("s"))) {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("waits")));
            long pid = Long.parseLong(Files.readString(folder.resolve("waits")));
            assertThat(Jvm.isAlive(pid)).isTrue();
            master.process().destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(pid));
        }
    }

    @Test
    void aStrangerWhoLeavesAtOnceDoesNotKeepASlaveFromItsMaster() throws Exception {
        Path socket = folder.resolve("s");
        SlaveOptions options = waiting().address("unix:" + socket).build();
        Task<Integer> starting = thread(() -> {
            try (SlaveProcess slave = slave(options)) {
                return slave.invoke(() -> 5);
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("waits")));
        Files.writeString(folder.resolve("go"), "");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        while (!starting
                .isDone()) { // connects and leaves, until one of these came before the master or the slave is gone
            try (SocketChannel stranger = SocketChannel.open(address)) {
                assertThat(stranger.isConnected()).isTrue();
            } catch (IOException e) {
                Thread.onSpinWait(); // nobody listens yet, or any more
            }
        }
        assertThat(starting.await()).isEqualTo(5);
    }

    @Test
    void terminateDoesNotWaitForACloseThatDrains() throws Exception {
        String address = address("s");
        try (Server serving = serve(
                address, ServeOptions.builder().closeLimit(Duration.ofMillis(1)).build())) {
            SlaveProcess client = client(address);
            Task<Integer> endless = client.schedule(() -> {
                Heavy.COUNTER.set(11);
                Thread.currentThread().join();
                return 1;
            });
            await().until(() -> Heavy.COUNTER.get() == 11);
            Task<?> closing = thread(() -> client.close()); // has 10 s
            await().until(() -> !client.isOpen());
            long start = System.nanoTime();
            client.terminate();
            closing.await();
            assertThatThrownBy(endless::await).isInstanceOf(org.processional.SlaveClosedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aServerWithTheShortestLimitCloses() {
        try (Server serving = serve(
                        address("s"),
                        ServeOptions.builder().closeLimit(Duration.ofNanos(1)).build());
                SlaveProcess client = client(serving.address())) {
            Task<Integer> endless = client.schedule(() -> {
                Heavy.COUNTER.set(12);
                while (Heavy.COUNTER.get() == 12) {
                    Thread.onSpinWait(); // heeds no interrupt
                }
                return 1;
            });
            await().until(() -> Heavy.COUNTER.get() == 12);
            serving.close();
            Heavy.COUNTER.set(0);
            assertThatThrownBy(endless::await).isInstanceOf(ConnectionException.class);
        }
        assertThat(Stream.of(folder.toFile().list())).isEmpty();
    }

    @Test
    void aServerThatWasClosedWaitsForNoThreadThatHeedsNothing() {
        Heavy.COUNTER.set(13);
        try (Server serving = serve(
                        address("s"),
                        ServeOptions.builder().closeLimit(Duration.ofMillis(50)).build());
                SlaveProcess client = client(serving.address())) {
            Task<Integer> endless = client.thread(() -> {
                Heavy.COUNTER.set(14);
                while (Heavy.COUNTER.get() == 14) {
                    Thread.onSpinWait(); // heeds no interrupt
                }
                return 1;
            });
            await().until(() -> Heavy.COUNTER.get() == 14);
            serving.close();
            assertThat(serving.await(Duration.ofSeconds(20))).isTrue();
            assertThatThrownBy(endless::await).isInstanceOf(ConnectionException.class);
        } finally {
            Heavy.COUNTER.set(0);
        }
    }

    private static volatile WeakReference<Object> made = new WeakReference<>(null); // in the slave, by its main thread

    private static Object makeSlowly() {
        Heavy.COUNTER.set(15);
        while (Heavy.COUNTER.get() == 15) {
            Thread.onSpinWait(); // heeds no interrupt
        }
        Object object = new byte[100];
        made = new WeakReference<>(object);
        Heavy.COUNTER.set(16);
        return object;
    }

    @Test
    void anObjectThatNobodyWaitedForIsReleased() {
        try (SlaveProcess slave = slave()) {
            Task<?> wrapping = thread(() -> slave.wrap(LeakTest::makeSlowly));
            await().until(() -> slave.thread(() -> Heavy.COUNTER.get()).await() == 15);
            wrapping.interrupt();
            assertThatThrownBy(wrapping::await).isInstanceOf(TaskInterruptedException.class);
            slave.thread(() -> Heavy.COUNTER.set(0)).await();
            assertThat(slave.invoke(() -> Heavy.COUNTER.get())).isEqualTo(16); // behind it in the queue
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> slave.invoke(() -> {
                        System.gc();
                        return made.get() == null;
                    }));
        }
    }
}
