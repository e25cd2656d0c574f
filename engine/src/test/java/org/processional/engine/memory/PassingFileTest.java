// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.sharedMemory;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.engine.testing.Rounds;

/** Arrays that go through the file of a segment, without a mapping at either end. */
@Timeout(60)
class PassingFileTest {
    @TempDir
    Path folder;

    /** The file of a segment, as another process would have it: this one has only the original open. */
    private Path fileOf(Object array) throws IOException {
        PrimitiveArray values = PrimitiveArray.of(array);
        try (MappedMemory memory = Segments.create(values.bytes() + 100, values)) {
            memory.segment().file().header().departs();
            Path copy = Files.copy(memory.file(), folder.resolve("copy"));
            memory.segment().file().header().arrive(1);
            return copy;
        }
    }

    private static Object random(Random random, Class<?> element, int length) {
        Object array = Array.newInstance(element, length);
        for (int i = 0; i < length; i++) {
            if (element == byte.class) {
                Array.setByte(array, i, (byte) random.nextInt());
            } else if (element == short.class) {
                Array.setShort(array, i, (short) random.nextInt());
            } else if (element == char.class) {
                Array.setChar(array, i, (char) random.nextInt());
            } else if (element == int.class) {
                Array.setInt(array, i, random.nextInt());
            } else if (element == long.class) {
                Array.setLong(array, i, random.nextLong());
            } else if (element == float.class) {
                Array.setFloat(array, i, random.nextFloat());
            } else {
                Array.setDouble(array, i, random.nextDouble());
            }
        }
        return array;
    }

    @Test
    void arraysOfAllTypesComeAsTheyWent() throws IOException {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        Class<?>[] elements = {byte.class, short.class, char.class, int.class, long.class, float.class, double.class};
        for (Class<?> element : elements) {
            for (int length : new int[] {1, 16_384, 131_072, 131_073, 300_001}) {
                Object array = random(random, element, length);
                Path file = fileOf(array);
                PrimitiveArray there =
                        PrimitiveArray.make(PrimitiveArray.of(array).type(), length);
                try (PassingFile passing = PassingFile.open(file)) {
                    assertThat(passing.size()).isEqualTo(there.bytes() + 100);
                    passing.copyTo(there);
                }
                assertThat(there.array()).isEqualTo(array);
                Files.delete(file);
            }
        }
    }

    @Test
    void itHasArrivedWhenItIsClosed() throws IOException {
        Path file = fileOf(new byte[10]);
        try (PassingFile passing = PassingFile.open(file)) {
            assertThat(flights(file)).isEqualTo(1);
            assertThat(passing.size()).isEqualTo(110);
        }
        assertThat(flights(file)).isZero();
    }

    private static int flights(Path file) throws IOException {
        ByteBuffer page =
                ByteBuffer.allocateDirect(SegmentHeader.BYTES); // heap memory has no atomic access from Java 25 on
        return new SegmentHeader(page.put(Files.readAllBytes(file), 0, SegmentHeader.BYTES)).flights();
    }

    @Test
    void whatIsNoneIsRefusedAndStaysAsItIs() throws IOException {
        Path file = Files.write(folder.resolve("other"), new byte[] {1, 2, 3});
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> PassingFile.open(file))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("other is no shared memory");
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
        byte[] page = new byte[2 * SegmentHeader.BYTES];
        Path large = Files.write(folder.resolve("large"), page);
        Files.setPosixFilePermissions(large, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> PassingFile.open(large))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("large is no shared memory");
        assertThat(large).hasBinaryContent(page);
        assertThatThrownBy(() -> PassingFile.open(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatIsCutOffIsTold() throws IOException {
        Path file = fileOf(new byte[10]);
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), SegmentHeader.BYTES + 5));
        try (PassingFile passing = PassingFile.open(file)) {
            assertThatThrownBy(() -> passing.copyTo(PrimitiveArray.make(1, 10)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut off at byte 5 of 10");
        }
    }

    @Test
    void interruptsDisturbNothingAndStay() throws Exception {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        int[] array = (int[]) random(random, int.class, 200_000);
        Path file = fileOf(array);
        Thread self = Thread.currentThread();
        for (int round = 0; round < Rounds.of(500); round++) {
            Thread other = new Thread(self::interrupt);
            other.start();
            PrimitiveArray there = PrimitiveArray.make(PrimitiveArray.of(array).type(), array.length);
            try (PassingFile passing = PassingFile.open(file)) {
                passing.copyTo(there);
            }
            try (SharedMemory memory = sharedMemory(1000)) {
                memory.ints(0, 1).put(0, round);
                assertThat(memory.slice(0, 8).ints(0, 1).get(0)).isEqualTo(round);
            }
            while (other.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(there.array()).isEqualTo(array);
        }
    }
}
