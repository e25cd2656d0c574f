// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.CodecException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Values that leave the frame for shared memory: row P4 of BEHAVIOUR.md, and what is larger. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class LargeValuesTest extends OverTransports {
    private static final int MIB = 1 << 20;
    private static final int KEPT = 64; // segments of that size, for reuse

    /** The segments that a process has made. */
    private static List<String> segments(long pid) throws IOException {
        String made = "-" + Long.toHexString(pid) + "-";
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(made))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    private static List<String> segments() throws IOException {
        return segments(ProcessHandle.current().pid());
    }

    /** Other tests of this process may have left views to the collector. */
    private static void awaitEndOfSegments(SlaveProcess slave, List<String> before) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(segments(slave.pid())).isEmpty();
            assertThat(segments()).isSubsetOf(before);
        });
    }

    /** Goes by JBoss Marshalling. */
    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;
        final double[] numbers;
        final double[] again;

        Holder(double[] numbers) {
            this.numbers = numbers;
            this.again = numbers;
        }
    }

    @Test
    void p04_arraysOfAllTypesThereAndBack() throws Exception {
        Random random = new Random(Rounds.seed());
        List<String> before = segments();
        SlaveProcess slave = slave();
        try (slave) {
            for (int round = 0; round < 2; round++) { // through the files of new segments, then mapped
                for (int length : new int[] {30_000, 65_536, 131_072, MIB, 5 * MIB, 40 * MIB}) {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    assertThat(slave.<byte[], RuntimeException>invoke(() -> bytes))
                            .isEqualTo(bytes);
                }
                int[] ints = random.ints(MIB).toArray();
                assertThat(slave.<int[], RuntimeException>invoke(() -> ints)).isEqualTo(ints);
                long[] longs = random.longs(MIB).toArray();
                assertThat(slave.<long[], RuntimeException>invoke(() -> longs)).isEqualTo(longs);
                double[] doubles = random.doubles(MIB).toArray();
                assertThat(slave.<double[], RuntimeException>invoke(() -> doubles))
                        .isEqualTo(doubles);
                short[] shorts = new short[MIB];
                char[] chars = new char[MIB];
                float[] floats = new float[MIB];
                boolean[] booleans = new boolean[MIB];
                for (int i = 0; i < MIB; i++) {
                    shorts[i] = (short) i;
                    chars[i] = (char) i;
                    floats[i] = i;
                    booleans[i] = i % 3 == 0;
                }
                assertThat(slave.<short[], RuntimeException>invoke(() -> shorts))
                        .isEqualTo(shorts);
                assertThat(slave.<char[], RuntimeException>invoke(() -> chars)).isEqualTo(chars);
                assertThat(slave.<float[], RuntimeException>invoke(() -> floats))
                        .isEqualTo(floats);
                assertThat(slave.<boolean[], RuntimeException>invoke(() -> booleans))
                        .isEqualTo(booleans);
            }
        }
        awaitEndOfSegments(slave, before);
    }

    @Test
    void largeArraysInsideObjectsStayOneObject() {
        double[] numbers = new double[MIB];
        numbers[MIB - 1] = 7;
        List<double[]> twice = List.of(numbers, numbers);
        Holder holder = new Holder(numbers);
        try (SlaveProcess slave = slave()) {
            assertThat(slave.<Boolean, RuntimeException>invoke(
                            () -> twice.get(0) == twice.get(1) && twice.get(1)[MIB - 1] == 7))
                    .isTrue();
            assertThat(slave.<Boolean, RuntimeException>invoke(
                            () -> holder.numbers == holder.again && holder.again[MIB - 1] == 7))
                    .isTrue();
            assertThat(slave.<Holder, RuntimeException>invoke(() -> holder).numbers)
                    .isEqualTo(numbers);
        }
    }

    @Test
    void manyAtOnceAndOneThatCannotTravel() throws Exception {
        List<String> before = segments();
        SlaveProcess slave = slave();
        try (slave) {
            Object misfit = new Object();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = new byte[MIB];
                Arrays.fill(bytes, (byte) i);
                tasks.add(slave.schedule(() -> bytes[0] + bytes[MIB - 1] + bytes.length));
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> slave.schedule(() -> bytes.length + misfit.hashCode()))
                        .isInstanceOf(org.processional.CodecException.class);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(tasks.get(i).await()).isEqualTo(2 * i + MIB);
            }
        }
        awaitEndOfSegments(slave, before);
    }

    @Test
    void whatIsTooLargeToBeKeptForLongIsGoneSoon() throws Exception {
        List<String> before = segments();
        try (SlaveProcess slave = slave()) {
            byte[] bytes = new byte[40 * MIB];
            for (int i = 0; i < 4; i++) { // in the same memory, if the machine is not too slow
                bytes[0] = (byte) i;
                bytes[bytes.length - 1] = (byte) i;
                byte[] back = slave.<byte[], RuntimeException>invoke(() -> bytes);
                assertThat(back).hasSize(bytes.length).startsWith(i).endsWith(i);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(segments(slave.pid())).isEmpty();
                assertThat(segments()).isSubsetOf(before);
            });
        }
    }

    /** The functions of tasks that are dequeued, and results of tasks that were cancelled or dropped. */
    @Test
    void whatNobodyReadsIsGivenBack() throws Exception {
        List<String> before = segments();
        byte[] bytes = new byte[MIB];
        try (SlaveProcess slave = slave()) {
            for (int round = 0; round < 2; round++) {
                Task<Integer> busy = slave.schedule(() -> {
                    Thread.sleep(60_000);
                    return 0;
                });
                List<Task<Integer>> queued = new ArrayList<>();
                for (int i = 0; i < KEPT; i++) {
                    queued.add(slave.schedule(() -> bytes.length));
                }
                queued.forEach(task -> task.cancel(false));
                busy.cancel(true);
                for (int i = 0; i < KEPT; i++) {
                    slave.schedule(() -> new byte[MIB]); // dropped at once
                }
                assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                System.gc(); // by which the tasks are found to be dropped
                assertThat(segments(slave.pid())).hasSizeLessThanOrEqualTo(KEPT);
                List<String> here = segments();
                here.removeAll(before);
                assertThat(here).hasSizeLessThanOrEqualTo(KEPT);
            });
        }
    }

    /** It brings a large value along. */
    static final class Loaded extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final byte[] bytes = new byte[MIB];
    }

    private static int failWhenInterrupted() {
        try {
            Thread.sleep(60_000);
            return 0;
        } catch (InterruptedException e) {
            throw new Loaded();
        }
    }

    private static void awaitRunning(SlaveProcess slave, int count) {
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> slave.status().running() == count);
    }

    @Test
    void failuresOfCancelledTasksGiveBackWhatTheyBring() throws Exception {
        try (SlaveProcess slave = slave()) {
            for (int i = 0; i <= KEPT; i++) {
                Task<Integer> task = slave.schedule(() -> failWhenInterrupted());
                awaitRunning(slave, 1);
                assertThat(task.cancel(true)).isTrue();
                awaitRunning(slave, 0);
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(segments(slave.pid())).hasSizeLessThan(KEPT));
        }
    }

    /** It is never read, and so is nothing behind it. */
    static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;
        final Serializable first = new Refusing();
        final byte[] second = new byte[MIB];
    }

    static final class Refusing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new InvalidObjectException("not here");
        }
    }

    @Test
    void whatCannotBeReadToItsEndGivesBackWhatItBrings() throws Exception {
        try (SlaveProcess slave = slave()) {
            for (int i = 0; i <= KEPT; i++) {
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> slave.<Unreadable, RuntimeException>invoke(() -> new Unreadable()))
                        .isInstanceOf(CodecException.class)
                        .hasStackTraceContaining("not here");
            }
            assertThat(segments(slave.pid())).hasSizeLessThan(KEPT);
        }
    }

    @Test
    void aKilledSlaveLeavesNoSegments() throws Exception {
        List<String> before = segments();
        SlaveProcess slave = slave();
        try (slave) {
            byte[] bytes = new byte[MIB];
            assertThat(slave.<Integer, RuntimeException>invoke(() -> bytes.length))
                    .isEqualTo(MIB);
            assertThat(segments()).isNotEqualTo(before);
            Task<byte[]> task = slave.schedule(() -> {
                Heavy.loopForEver();
                return bytes;
            });
            slave.terminate();
            org.assertj.core.api.Assertions.assertThatThrownBy(task::await)
                    .isInstanceOf(org.processional.ProcessionalException.class);
        }
        awaitEndOfSegments(slave, before);
    }

    /** Its process dies while it is encoded, behind the bytes. */
    static final class LastWords implements Serializable {
        private static final long serialVersionUID = 1L;
        final byte[] bytes = new byte[MIB];
        final Serializable last = new Halt();
    }

    static final class Halt implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    void aValueThatASlaveDiedOverIsNotAwaited() throws Exception {
        List<String> before = segments();
        SlaveProcess slave = slave();
        try (slave) {
            for (int i = 0; i < 2; i++) { // the second time it is mapped here, and kept
                assertThat(slave.<byte[], RuntimeException>invoke(() -> new byte[MIB]))
                        .hasSize(MIB);
            }
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> slave.<LastWords, RuntimeException>invoke(() -> new LastWords()))
                    .isInstanceOf(org.processional.SlaveDiedException.class);
            awaitEndOfSegments(slave, before);
        }
    }

    @Test
    void buffersTravelAsTheirRemainingBytes() {
        ByteBuffer small = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);
        ByteBuffer large = ByteBuffer.allocateDirect(MIB).order(ByteOrder.LITTLE_ENDIAN);
        large.putInt(100, 42).position(100);
        try (SlaveProcess slave = slave()) {
            assertThat(slave.<ByteBuffer, RuntimeException>invoke(() -> small)).isEqualTo(small);
            ByteBuffer back = slave.invoke(() -> large.putInt(0, large.getInt(0) + 1));
            assertThat(back.remaining()).isEqualTo(MIB - 100);
            assertThat(back.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(back.getInt(0)).isEqualTo(43);
            assertThat(large.getInt(100)).isEqualTo(42); // a copy
        }
    }

    @Test
    void aGiBInABufferThereAndBackBesideAHeapOf512MiB() throws Exception {
        Path file = folder.resolve("gib");
        int size = 1 << 30;
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                SlaveProcess slave = slave(SlaveOptions.builder().heap("512m").build())) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            buffer.put(size - 1, (byte) 9);
            ByteBuffer back = slave.invoke(() -> buffer.put(0, buffer.get(size - 1)));
            assertThat(back.remaining()).isEqualTo(size);
            assertThat(back.get(0)).isEqualTo((byte) 9);
            assertThat(buffer.get(0)).isZero();
        }
    }
}
