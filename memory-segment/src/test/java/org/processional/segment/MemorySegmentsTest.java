// SPDX-License-Identifier: Apache-2.0
package org.processional.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.sharedMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;

/** Segments see what views see. */
@Timeout(60)
class MemorySegmentsTest {
    @Test
    void aSegmentAndAViewAreTheSameBytes() {
        try (SharedMemory memory = sharedMemory(100_000)) {
            MemorySegment segment = MemorySegments.of(memory);
            assertThat(segment.byteSize()).isEqualTo(100_000);
            memory.ints(40_000, 1).put(0, 7);
            assertThat(segment.get(ValueLayout.JAVA_INT, 40_000)).isEqualTo(7);
            segment.set(ValueLayout.JAVA_LONG, 80, 1L << 40);
            assertThat(memory.longs(80, 1).get(0)).isEqualTo(1L << 40);
        }
    }

    @Test
    void aSliceIsItsPartOnly() {
        try (SharedMemory memory = sharedMemory(100_000);
                SharedMemory slice = memory.slice(5000, 8)) {
            MemorySegment segment = MemorySegments.of(slice);
            segment.fill((byte) 3);
            assertThat(segment.byteSize()).isEqualTo(8);
            assertThat(memory.bytes().get(4999)).isZero();
            assertThat(memory.bytes().get(5000)).isEqualTo((byte) 3);
            assertThat(memory.bytes().get(5008)).isZero();
        }
    }

    @Test
    void aSegmentCanBeLargerThanABuffer() {
        long size = 3L << 30;
        try (SharedMemory memory = sharedMemory(size)) {
            MemorySegment segment = MemorySegments.of(memory);
            segment.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 9);
            assertThat(segment.byteSize()).isEqualTo(size);
            assertThat(memory.bytes(size - 1, 1).get(0)).isEqualTo((byte) 9);
        }
    }

    @Test
    void aSegmentOutlivesItsMemoryAndAClosedMemoryGivesNone() {
        SharedMemory memory = sharedMemory(10);
        MemorySegment segment = MemorySegments.of(memory);
        memory.close();
        segment.set(ValueLayout.JAVA_BYTE, 9, (byte) 1);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, 9)).isEqualTo((byte) 1);
        assertThatThrownBy(() -> MemorySegments.of(memory))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("closed");
    }
}
