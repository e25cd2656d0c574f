// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.sharedMemory;
import static org.processional.Processional.slave;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.CodecException;
import org.processional.SharedMemory;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Memory that processes share: rows M1 to M4 of BEHAVIOUR.md. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class SharedMemoryTest extends OverTransports {
    /** A class of the user's: it goes by JBoss Marshalling. */
    static final class Frame implements Serializable {
        private static final long serialVersionUID = 1L;
        final String title;
        final Object pixels;
        final Object all;

        @SuppressWarnings("serial") // travels by reference
        Frame(String title, Object pixels, Object all) {
            this.title = title;
            this.pixels = pixels;
            this.all = all;
        }
    }

    record Part(int number, LongBuffer content) implements Serializable {}

    @Test
    void m2_processesSeeWhatTheOthersWrite() {
        try (SlaveProcess one = slave();
                SlaveProcess other = slave();
                SharedMemory memory = sharedMemory(1 << 20)) {
            memory.bytes().putInt(0, 17);
            int seen = one.invoke(() -> {
                memory.bytes().putInt(4, 18);
                return memory.bytes().getInt(0);
            });
            assertThat(seen).isEqualTo(17);
            assertThat(memory.bytes().getInt(4)).isEqualTo(18);
            assertThat(other.<Integer, RuntimeException>invoke(
                            () -> memory.bytes().getInt(4)))
                    .isEqualTo(18);
        }
    }

    @Test
    void m2_aResultOfOneSlaveGoesOnToAnother() throws Exception {
        SharedMemory made;
        try (SlaveProcess one = slave()) {
            made = one.invoke(() -> sharedMemory(ByteBuffer.wrap("from one".getBytes(StandardCharsets.UTF_8))));
        }
        Path file = made.file();
        try (SlaveProcess other = slave();
                made) {
            assertThat(other.<String, RuntimeException>invoke(
                            () -> StandardCharsets.UTF_8.decode(made.bytes()).toString()))
                    .isEqualTo("from one");
        }
        await().until(() -> !Files.exists(file));
    }

    private static SharedMemory made;

    @Test
    void m2_aReferenceThatCannotBeReadKeepsNothing() {
        try (SlaveProcess slave = slave()) {
            Path file = Path.of(slave.<String, RuntimeException>invoke(() -> {
                made = sharedMemory(4096);
                return made.file().toString();
            }));
            assertThatThrownBy(() -> slave.<List<Object>, RuntimeException>invoke(
                            () -> List.of(new LargeValuesTest.Refusing(), made)))
                    .isInstanceOf(CodecException.class)
                    .hasStackTraceContaining("not here");
            assertThat(file).exists();
            slave.invoke(() -> made.close());
            await().untilAsserted(() -> assertThat(file).doesNotExist());
        }
    }

    @Test
    void m3_viewsAndSlicesTravelInsideAnything() {
        try (SlaveProcess slave = slave();
                SharedMemory memory = sharedMemory(4096);
                SharedMemory slice = memory.slice(1024, 1024)) {
            IntBuffer ints = memory.ints(0, 100);
            ints.put(3, 33);
            List<Object> list = List.of(ints, slice);
            int sum = slave.invoke(() -> {
                ((SharedMemory) list.get(1)).ints(0, 1).put(0, 34);
                return ((IntBuffer) list.get(0)).get(3) + 1;
            });
            assertThat(sum).isEqualTo(34);
            assertThat(memory.ints(1024, 1).get(0)).isEqualTo(34);

            Frame frame = new Frame("title", ints, memory);
            assertThat(slave.<String, RuntimeException>invoke(() -> {
                        ((SharedMemory) frame.all).ints(2048, 1).put(0, 35);
                        return frame.title + ((IntBuffer) frame.pixels).get(3);
                    }))
                    .isEqualTo("title33");
            assertThat(memory.ints(2048, 1).get(0)).isEqualTo(35);

            Part part = new Part(1, memory.longs(3072, 8).put(7, Long.MAX_VALUE));
            assertThat(slave.<Long, RuntimeException>invoke(() -> part.content().get(7)))
                    .isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void m3_aBufferThatIsNoViewIsRefusedInTheCallersStack() {
        IntBuffer other = IntBuffer.allocate(10);
        try (SlaveProcess slave = slave()) {
            assertThatThrownBy(() -> slave.schedule(() -> other.get(0)))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("HeapIntBuffer")
                    .hasMessageContaining("SharedMemory");
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void m2_aGiBInASlaveWithASmallHeap() {
        try (SlaveProcess slave = slave(SlaveOptions.builder().heap("32m").build());
                SharedMemory memory = sharedMemory(1 << 30)) {
            memory.bytes().put((1 << 30) - 1, (byte) 5);
            assertThat(slave.<Integer, RuntimeException>invoke(
                            () -> (int) memory.bytes().get((1 << 30) - 1)))
                    .isEqualTo(5);
        }
    }

    @Test
    void m1_noRoomIsAnExceptionAndLeavesNothing() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 2048; exec \"$0\" -XX:-UsePerfData -cp \"$1\" "
                                + MemoryMaker.class.getName(), // 1 MiB
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("no room for 8388608 bytes of shared memory in /dev/shm");
        assertThat(RamDisk.files(List.of(process.pid()))).isEmpty(); // exec: the shell has become it
    }

    @Test
    void m4_killedOwnersAndHoldersLeaveNothingAfterTheNextStart() throws Exception {
        Set<Path> before = RamDisk.files(); // left by processes whose ids may come again
        Set<Long> killed = new HashSet<>();
        Random random = new Random(Rounds.seed());
        int rounds = Rounds.of(51) / allIfFull().size(); // together, over all transports
        for (int i = 0; i < rounds; i++) {
            try (Jvm holders = new Jvm(MemoryHolders.class)) {
                List<Long> numbers = holders.readNumbers();
                assertThat(numbers.subList(2, 4)).containsExactly(1L, 2L);
                killed.addAll(numbers.subList(0, 2));
                assertThat(filesOf(numbers.subList(0, 2), before)).hasSize(2);
                long victim = numbers.get(random.nextInt(2));
                ProcessHandle.of(victim).orElseThrow().destroyForcibly();
                if (victim == numbers.get(1)) { // the slave: the master lives on with both
                    await().until(() -> !Jvm.isAlive(numbers.get(1)));
                    assertThat(filesOf(numbers.subList(0, 2), before)).hasSize(2);
                    holders.process().destroyForcibly();
                }
                await().until(() -> !Jvm.isAlive(numbers.get(0)) && !Jvm.isAlive(numbers.get(1)));
            }
        }
        try (Jvm next = new Jvm(MemoryMaker.class)) {
            assertThat(next.readLine()).isEqualTo("made 8388608");
            assertThat(next.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(filesOf(killed, before)).isEmpty();
    }

    private static Set<Path> filesOf(Collection<Long> pids, Set<Path> before) {
        Set<Path> files = RamDisk.files(pids);
        files.removeAll(before);
        return files;
    }

    @Test
    void m4_theJanitorLeavesTheLivingAlone() throws Exception {
        try (SharedMemory memory = sharedMemory(4096);
                Jvm next = new Jvm(MemoryMaker.class)) {
            assertThat(next.readLine()).isEqualTo("made 8388608");
            assertThat(next.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(memory.file()).exists();
        }
    }
}
