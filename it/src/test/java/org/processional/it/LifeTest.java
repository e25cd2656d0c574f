// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.server;
import static org.processional.Processional.sharedMemory;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.SharedMemory;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Slaves end with their masters, and leave nothing behind: rows P7 to P9 and X2 of BEHAVIOUR.md. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class LifeTest extends OverTransports {
    /** Threads, descriptors, children and sockets of this process. */
    private record Balance(long threads, long descriptors, long children, long sockets) {
        static Balance now(Path sockets) throws IOException {
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("processional-reader")
                            || t.getName().startsWith("processional-std"))
                    .count();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                    Stream<Path> files = Files.list(sockets)) {
                String own = ProcessHandle.current().pid() + "-"; // other masters of this user have theirs there too
                long ours = files.filter(file -> file.getFileName().toString().contains(own))
                        .count();
                return new Balance(threads, descriptors.count(), childProcesses(), ours);
            }
        }

        /** Not more of anything; what was about to go may have gone. */
        boolean isWithin(Balance before) {
            return threads <= before.threads
                    && descriptors <= before.descriptors
                    && children <= before.children
                    && sockets <= before.sockets;
        }
    }

    /** Where slaves have their sockets; the first one has also started what stays: the guard, the cleaner. */
    private Path socketFolder() {
        try (SlaveProcess slave = slave()) {
            Path address = Path.of(slave.address().substring(slave.address().indexOf('/')));
            return transport.equals("tcp") ? folder : address.getParent();
        }
    }

    private static long childProcesses() {
        return ProcessHandle.current()
                .children()
                .filter(p -> Jvm.isAlive(p.pid()))
                .count();
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Path sockets = socketFolder();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> { // what other tests have dropped goes first
                            System.gc();
                            return childProcesses() == 1; // the guard
                        });
        Balance before = Balance.now(sockets);
        int rounds = Rounds.of(201) / allIfFull().size(); // together, over all transports
        for (int i = 0; i < rounds; i++) {
            int number = i;
            try (SlaveProcess slave = slave()) {
                assertThat(slave.invoke(() -> number + 1)).isEqualTo(number + 1);
            }
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Balance.now(sockets))
                        .matches(now -> now.isWithin(before), "no more than " + before));
    }

    @Test
    void p09_whatDecidesOnTheLifeOfAProcessWaitsForNothingThatIsQueued() {
        SlaveProcess server = server(address("server"));
        try {
            Task<?> stuck = server.schedule(() -> Thread.sleep(60_000));
            Task<Integer> queued = server.schedule(() -> 2);
            server.persist();
            server.stop();
            server.stop();
            assertThat(stuck.isDone()).isFalse();
            Task<Integer> late = server.schedule(() -> 3);
            assertThatThrownBy(late::await)
                    .isInstanceOf(SlaveClosedException.class)
                    .hasMessageContaining("takes no more tasks");
            stuck.interrupt();
            assertThat(queued.await()).isEqualTo(2);
            await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(server.pid()));
        } finally {
            server.terminate(); // it persists
        }

        try (SlaveProcess slave = slave()) {
            Task<?> running = slave.schedule(() -> Thread.sleep(60_000));
            slave.detach();
            assertThat(running.isDone()).isFalse();
            running.cancel();
        }
    }

    @Test
    void p07_aDroppedSlaveGoes() {
        long pid = dropOne();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return !Jvm.isAlive(pid);
        });
    }

    @Test
    void p07_aClosedSlaveIsGoneWithinATenthOfASecond() {
        Quickest.within(Duration.ofMillis(100), () -> {
            SlaveProcess slave = slave();
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            long start = System.nanoTime();
            slave.close();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(Jvm.isAlive(slave.pid())).isFalse();
            return took;
        });
    }

    @Test
    void p07_anIdleSlaveOfAKilledMasterIsGoneWithinATenthOfASecond() {
        Quickest.within(Duration.ofMillis(100), () -> {
            try (Jvm master = new Jvm(MasterOfThree.class)) {
                long idle = master.readNumbers().get(0);
                assertThat(Jvm.isAlive(idle)).isTrue();
                long start = System.nanoTime();
                master.process().destroyForcibly();
                while (Jvm.isAlive(idle)) {
                    LockSupport.parkNanos(1_000_000); // it needs a processor to end
                }
                return Duration.ofNanos(System.nanoTime() - start);
            }
        });
    }

    private static long dropOne() {
        SlaveProcess slave = slave();
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        return slave.pid();
    }

    @Test
    void aPendingTaskKeepsItsSlave() {
        org.processional.Task<Integer> task = slave().thread(() -> {
            synchronized (Heavy.COUNTER) {
                Heavy.COUNTER.wait(1000);
            }
            return 8;
        });
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        assertThat(task.await()).isEqualTo(8);
    }

    @Test
    void p07_slavesOfAKilledMasterGo() throws Exception {
        try (Jvm master = new Jvm(MasterOfThree.class)) {
            List<Long> pids = master.readNumbers();
            assertThat(pids).hasSize(4).allMatch(Jvm::isAlive);
            master.process().destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).until(() -> pids.stream().noneMatch(Jvm::isAlive));
        }
    }

    @Test
    void childrenOfSlavesKilledWithTheirMasterGo() throws Exception {
        try (Jvm master = new Jvm(MasterOfThree.class)) {
            List<Long> pids = master.readNumbers();
            master.process().destroyForcibly();
            for (long pid : pids.subList(0, 3)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> pids.stream().noneMatch(Jvm::isAlive));
        }
    }

    @Test
    void slavesOfSlavesOfAKilledMasterGoWithTheirChildren() throws Exception {
        try (Jvm master = new Jvm(MasterOfAMaster.class)) {
            List<Long> pids = master.readNumbers();
            assertThat(pids).hasSize(4).doesNotHaveDuplicates().allMatch(Jvm::isAlive);
            master.process().destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).until(() -> pids.stream().noneMatch(Jvm::isAlive));
        }
    }

    @Test
    void closeEndsWhatTheSlaveStarted() {
        long child;
        try (SlaveProcess slave = slave()) {
            child = slave.<Long, IOException>invoke(
                    () -> new ProcessBuilder("sleep", "1000").start().pid());
            assertThat(Jvm.isAlive(child)).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(child));
    }

    @Test
    void whatASlaveStartedEndsWithItThoughItsHandleIsOpen() throws Exception {
        try (SlaveProcess slave = slave()) {
            long child = slave.<Long, IOException>invoke(
                    () -> new ProcessBuilder("sleep", "1000").start().pid());
            ProcessHandle.of(slave.pid()).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(child));
        }
    }

    private static boolean isIn(Thread thread, String method) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    @Test
    void anInterruptEndsTheWaitForAnotherThreadThatCloses() throws Exception {
        SlaveProcess slave =
                slave(SlaveOptions.builder().closeLimit(Duration.ofHours(1)).build());
        String place = folder.toString();
        Task<?> endless = slave.schedule(() -> workUntilItMayGo(place));
        Thread first = new Thread(slave::close, "closes");
        first.start();
        await().until(() -> isIn(first, "awaitIdle"));
        Thread second = new Thread(slave::close, "closes as well");
        second.start();
        await().until(() -> isIn(second, "lockEnd"));
        second.interrupt();
        second.join(20_000);
        first.join(20_000);
        assertThat(first.isAlive() || second.isAlive()).isFalse();
        assertThat(slave.exitCode()).isPresent();
        assertThatThrownBy(endless::await).isInstanceOf(SlaveClosedException.class);
    }

    /** Waits for the file {@code go}, then writes the file {@code done}, both in a folder. */
    static void workUntilItMayGo(String folder) throws Exception {
        go(Path.of(folder)).pass();
        Files.writeString(Path.of(folder, "done"), "done");
    }

    private static FileGate go(Path folder) {
        return FileGate.in(folder, "go");
    }

    @Test
    void p08_p09_aDetachedSlaveFinishesItsThreadsThenExits() throws Exception {
        SlaveProcess slave = slave();
        try {
            String place = folder.toString();
            slave.thread(() -> workUntilItMayGo(place));
            slave.detach();
            slave.close(); // does not wait for the thread, which waits for what comes afterwards
            await().during(Duration.ofMillis(300)).until(() -> slave.exitCode().isEmpty());
            go(folder).open();
            await().atMost(Duration.ofSeconds(20)).until(() -> slave.exitCode().isPresent());
            assertThat(slave.exitCode()).contains(0);
            assertThat(folder.resolve("done")).hasContent("done");
        } finally {
            slave.terminate();
        }
    }

    @Test
    void p08_aDetachedSlaveThatShouldPersistGoesAsWellSinceNobodyElseCanCome() {
        SlaveProcess slave =
                slave(SlaveOptions.builder().detach(true).persistent(true).build());
        try {
            slave.persist();
            slave.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> slave.exitCode().isPresent());
            assertThat(slave.exitCode()).contains(0);
        } finally {
            slave.terminate();
        }
    }

    @Test
    void p08_aDetachedSlaveOutlivesItsKilledMaster() throws Exception {
        try (Jvm master = new Jvm(List.of(), MasterOfADetached.class, folder.toString())) {
            long pid = master.readNumbers().get(0);
            master.process().destroyForcibly().waitFor();
            await().during(Duration.ofMillis(700)).until(() -> Jvm.isAlive(pid)); // the guard kills after 300 ms
            go(folder).open();
            await().atMost(Duration.ofSeconds(20)).until(() -> !Jvm.isAlive(pid));
            assertThat(folder.resolve("done")).hasContent("done");
        } finally {
            go(folder).open();
        }
    }

    private static SharedMemory held; // by a slave

    /** Makes shared memory, and has this process end no sooner than a gate opens; the file of the memory. */
    private static String holdUntil(FileGate gate) {
        held = sharedMemory(4096);
        Runtime.getRuntime().addShutdownHook(new Thread("waits for a gate") {
            @Override
            public void run() {
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        return held.file().toString();
    }

    @Test
    void x2_sigtermStopsASlaveCleanly() throws Exception {
        FileGate gate = FileGate.in(folder, "gate");
        try (SlaveProcess slave = slave()) {
            Path memory = Path.of(slave.<String, RuntimeException>invoke(() -> holdUntil(gate)));
            long child = slave.<Long, IOException>invoke(
                    () -> new ProcessBuilder("sleep", "1000").start().pid());
            Task<?> running = slave.schedule(() -> Thread.currentThread().join());
            assertThat(memory).exists();
            assertThat(Jvm.isAlive(child)).isTrue();
            ProcessHandle.of(slave.pid()).orElseThrow().destroy(); // SIGTERM
            await().untilAsserted(
                            () -> assertThat(memory).doesNotExist()); // removed by the slave, which is there still
            assertThat(slave.exitCode()).isEmpty();
            gate.open();
            assertThat(catchThrowableOfType(SlaveDiedException.class, running::await)
                            .signal())
                    .isEqualTo("SIGTERM");
            assertThat(slave.exitCode()).contains(143);
            await().until(() -> !Jvm.isAlive(child));
        }
    }

    @Test
    void x2_sigtermStopsAServerCleanly() throws Exception {
        SlaveProcess server = server(address("s"));
        assertThat(folder.resolve("s").toFile().exists()).isEqualTo(!transport.equals("tcp"));
        ProcessHandle.of(server.pid()).orElseThrow().destroy(); // SIGTERM
        await().until(() -> server.exitCode().isPresent());
        assertThat(folder).as("the socket").isEmptyDirectory();
        server.close();
    }

    @Test
    void x2_aSlaveLeadsASessionOfItsOwn() {
        try (SlaveProcess slave = slave()) {
            String stat = slave.<String, IOException>invoke(() -> Files.readString(Path.of("/proc/self/stat")));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            assertThat(Long.parseLong(fields[2])).as("process group").isEqualTo(slave.pid());
            assertThat(Long.parseLong(fields[3])).as("session").isEqualTo(slave.pid());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void optionsReachTheSlave() {
        SlaveOptions options = SlaveOptions.builder()
                .flags("-Dmine=1")
                .heap("100m")
                .environment(java.util.Map.of("COLOUR", "red"))
                .directory(folder)
                .build();
        try (SlaveProcess slave = slave(options)) {
            assertThat(slave.invoke(() -> System.getProperty("mine"))).isEqualTo("1");
            assertThat(slave.invoke(() -> System.getenv("COLOUR"))).isEqualTo("red");
            assertThat(slave.invoke(() -> System.getProperty("user.dir"))).isEqualTo(folder.toString());
            assertThat(slave.<Long, RuntimeException>invoke(
                            () -> Runtime.getRuntime().maxMemory()))
                    .isLessThanOrEqualTo(100L << 20);
        }
    }

    @Test
    void flagsOfTheMasterAreInheritedAndItsHeapIsNot() throws Exception {
        try (Jvm master = new Jvm(List.of("-ea", "-Duser.language=fr", "-Xmx99m"), FlagsOfASlave.class)) {
            assertThat(master.readLine()).isEqualTo("true fr true");
        }
    }
}
