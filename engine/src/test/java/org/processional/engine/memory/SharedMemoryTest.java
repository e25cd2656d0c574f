// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.sharedMemory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.CodecException;
import org.processional.Explanation;
import org.processional.Processional;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.engine.peer.UnsentObjects;
import org.processional.spi.FrameOutput;

/** M1 to M4 within one process: the other end of every trip is here. */
@Timeout(60)
class SharedMemoryTest {
    private static ByteBuffer reference(Object object) {
        return reference(object, new Flights());
    }

    private static ByteBuffer reference(Object object, Flights flights) {
        FrameOutput out = new FrameOutput(64, 255);
        assertThat(MemoryReference.write(object, out, flights)).isTrue();
        return out.frame();
    }

    private static Object trip(Object object) {
        return MemoryReference.read(reference(object));
    }

    /** Also where nothing else makes the collector look, which frees what is mapped. */
    @Test
    void theRoomOfClosedMemoryIsThereAgain() {
        long free = Segments.usableBytes();
        int piece = 8 << 20;
        int rounds = (int) (2 * Math.min(free, 512L << 20) / piece) + 1;
        for (int i = 0; i < rounds; i++) {
            sharedMemory(piece).close();
        }
        await().atMost(Duration.ofSeconds(10)) // who cleans up behind the collector is another thread
                .untilAsserted(() -> assertThat(free - Segments.usableBytes()).isLessThan(400L << 20));
    }

    @Test
    void whoeverDiedOverANamedMemoryKeepsNobodyFromIt() throws Exception {
        String name = "half-" + System.nanoTime();
        Path folder;
        Path beside;
        try (SharedMemory other = sharedMemory(name + "-beside", 64)) {
            folder = other.file().getParent();
            beside = other.file().getFileName();
        }
        Path half = folder.resolve(beside.toString().replace("-beside", ""));
        Files.write(half, new byte[5000]); // without what is written last, and nobody has a lock on it
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
        try (SharedMemory memory = sharedMemory(name, 64)) {
            assertThat(memory.file()).isEqualTo(half);
            assertThat(memory.size()).isEqualTo(64);
        }
        assertThat(half).doesNotExist();
    }

    @Test
    void manyThreadsMakeANamedMemoryOnce() throws Exception {
        String name = "many-" + System.nanoTime();
        List<CompletableFuture<SharedMemory>> made = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            made.add(CompletableFuture.supplyAsync(() -> sharedMemory(name, 4 << 20)));
        }
        made.get(0).get().bytes().put(5, (byte) 7);
        for (CompletableFuture<SharedMemory> each : made) {
            assertThat(each.get().bytes().get(5)).isEqualTo((byte) 7);
        }
        for (CompletableFuture<SharedMemory> each : made) {
            each.get().close();
        }
    }

    @Test
    void whatArrivesAfterItsConnectionWasLostIsCountedOnce() throws Exception {
        SharedMemory memory = sharedMemory(100);
        memory.bytes().put(7, (byte) 42);
        Flights cut = new Flights();
        ByteBuffer late = reference(memory, cut);
        cut.close();
        ((SharedMemory) MemoryReference.read(late)).close();
        ByteBuffer next = reference(memory, new Flights());
        memory.close();
        try (SharedMemory found = (SharedMemory) MemoryReference.read(next)) {
            assertThat(found.bytes().get(7)).isEqualTo((byte) 42);
        }
    }

    /** While a reference is on its way the file is there, and may be found again; as another segment, which counts anew. */
    @Test
    void aReferenceToAClosedSegmentIsOpenedWithTheOneOfNow() {
        SharedMemory memory = sharedMemory(100);
        SharedMemory arrived = (SharedMemory) trip(memory);
        ByteBuffer next = reference(memory);
        ByteBuffer last = reference(memory);
        memory.close();
        arrived.close();
        MappedMemory again = Segments.open(memory.file().getFileName().toString());
        try (SharedMemory here = (SharedMemory) MemoryReference.read(next)) {
            again.close();
            ((SharedMemory) MemoryReference.read(last)).close();
            ((SharedMemory) trip(here)).close(); // it is not given up: it can be sent
            assertThat(here.bytes().capacity()).isEqualTo(100);
        }
        assertThat(memory.file()).doesNotExist();
    }

    @Test
    void aSegmentThatIsFoundWhileItsLastHandleIsClosedStaysUsable() throws Exception {
        SharedMemory memory = sharedMemory(100);
        memory.bytes().put(7, (byte) 42);
        ByteBuffer reference = reference(memory);
        Thread closer = new Thread(memory::close);
        SharedMemory found;
        synchronized (Segments.class) {
            closer.start();
            await().until(() -> closer.getState() == Thread.State.BLOCKED);
            found = (SharedMemory) MemoryReference.read(reference);
        }
        closer.join();
        try (found) {
            assertThat(found.bytes().get(7)).isEqualTo((byte) 42);
            assertThat(trip(found)).isInstanceOf(SharedMemory.class);
        }
    }

    @Test
    void whatIsEncodedToBeLookedAtIsNoFlight() throws Exception {
        SharedMemory memory = sharedMemory(100);
        Path file = memory.file();
        UnsentObjects looked = new UnsentObjects();
        byte[] instead = looked.replace(memory);
        looked.forget(instead);
        Flights real = new Flights();
        reference(memory, real);
        memory.close();
        real.close(); // the other end will not take it any more
        await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(file));
    }

    @Test
    void m1_newMemoryIsZeroAndOfThisUserAlone() throws Exception {
        try (SharedMemory memory = sharedMemory(10_000)) {
            assertThat(memory.size()).isEqualTo(10_000);
            ByteBuffer bytes = memory.bytes();
            assertThat(bytes.remaining()).isEqualTo(10_000);
            for (int i = 0; i < 10_000; i++) {
                assertThat(bytes.get(i)).isZero();
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(memory.file())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void m1_aContentIsCopied() {
        ByteBuffer content = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);
        try (SharedMemory memory = sharedMemory(content)) {
            assertThat(content.remaining()).isEqualTo(3);
            assertThat(memory.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        assertThatThrownBy(() -> sharedMemory(ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes");
    }

    @Test
    void m1_aNameFindsTheSameMemory() {
        try (SharedMemory one = sharedMemory("shared-memory-test", 64);
                SharedMemory other = sharedMemory("shared-memory-test", 64)) {
            one.longs(8, 1).put(0, 42);
            assertThat(other.longs(8, 1).get(0)).isEqualTo(42);
            assertThatThrownBy(() -> sharedMemory("shared-memory-test", 65))
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining("64 bytes, not 65");
        }
        assertThatThrownBy(() -> sharedMemory("../x", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../x");
    }

    @Test
    void m2_aReferenceIsSmallAndLeadsToTheSameBytes() {
        try (SharedMemory memory = sharedMemory(1 << 20)) {
            ByteBuffer reference = reference(memory);
            assertThat(reference.remaining()).isLessThan(200);
            SharedMemory arrived = (SharedMemory) MemoryReference.read(reference);
            memory.bytes().put(1000, (byte) 7);
            assertThat(arrived.bytes().get(1000)).isEqualTo((byte) 7);
            assertThat(arrived.size()).isEqualTo(1 << 20);
            arrived.close();
        }
    }

    @Test
    void m2_theSameMemoryArrivesAgainAndAgainBesideOthersAndNotOnceItIsGone() {
        SharedMemory one = sharedMemory(64);
        ByteBuffer late = reference(one);
        try (SharedMemory other = sharedMemory(64)) {
            one.longs(0, 1).put(0, 1);
            other.longs(0, 1).put(0, 2);
            for (SharedMemory sent : List.of(one, one, other, other, one, other)) {
                try (SharedMemory arrived = (SharedMemory) trip(sent)) {
                    assertThat(arrived.longs(0, 1).get(0))
                            .isEqualTo(sent.longs(0, 1).get(0));
                }
            }
            MemoryReference.forget(late.duplicate(), new Flights());
            ((SharedMemory) trip(one)).close();
            one.close();
            assertThatThrownBy(() -> MemoryReference.read(late))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("is gone from " + SegmentNames.DIRECTORY);
        }
    }

    @Test
    void m3_viewsTravelWithOffsetPositionLimitAndOrder() {
        try (SharedMemory memory = sharedMemory(4096)) {
            ByteBuffer bytes = memory.bytes(100, 50).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putInt(4, 0x01020304).position(4).limit(40);
            ByteBuffer there = (ByteBuffer) trip(bytes);
            assertThat(there.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(there.position()).isEqualTo(4);
            assertThat(there.limit()).isEqualTo(40);
            assertThat(there.getInt()).isEqualTo(0x01020304);
            assertThat(there.capacity()).isEqualTo(50);

            IntBuffer ints = (IntBuffer) trip(memory.ints(8, 10).put(3, -5));
            assertThat(ints.get(3)).isEqualTo(-5);
            LongBuffer longs = (LongBuffer) trip(memory.longs(8, 10).put(9, Long.MIN_VALUE));
            assertThat(longs.get(9)).isEqualTo(Long.MIN_VALUE);
            memory.floats(0, 1).put(0, 1.5f);
            assertThat(((java.nio.FloatBuffer) trip(memory.floats(0, 1))).get()).isEqualTo(1.5f);
            memory.doubles(16, 1).put(0, Math.PI);
            assertThat(((java.nio.DoubleBuffer) trip(memory.doubles(16, 1))).get())
                    .isEqualTo(Math.PI);
        }
    }

    @Test
    void m3_whatABufferMakesOfItselfTravelsToo() {
        try (SharedMemory memory = sharedMemory(4096)) {
            ByteBuffer slice = memory.bytes(100, 50).slice(20, 10).order(ByteOrder.LITTLE_ENDIAN);
            slice.putInt(2, 7).position(2);
            ByteBuffer there = (ByteBuffer) trip(slice.duplicate().order(ByteOrder.LITTLE_ENDIAN));
            assertThat(there.capacity()).isEqualTo(10);
            assertThat(there.getInt()).isEqualTo(7);
            there.put(9, (byte) 8);
            assertThat(memory.bytes().get(129)).isEqualTo((byte) 8);

            IntBuffer bigEndian = memory.bytes(8, 16).asIntBuffer().position(1).slice();
            IntBuffer ints = (IntBuffer) trip(bigEndian.put(0, 0x01020304));
            assertThat(ints.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(ints.capacity()).isEqualTo(3);
            assertThat(ints.get(0)).isEqualTo(0x01020304);
            assertThat(memory.bytes().get(12)).isEqualTo((byte) 1);

            ByteBuffer end = memory.bytes().position(4096).slice();
            assertThat(((ByteBuffer) trip(end)).capacity()).isZero();
        }
    }

    @Test
    void m3_whereAWindowWasNothingIsFound() {
        AtomicLong address = new AtomicLong();
        mapAndDrop(address);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return Windows.at(address.get(), 1) == null;
        });
    }

    private static void mapAndDrop(AtomicLong address) {
        try (SharedMemory memory = sharedMemory(4096)) {
            address.set(BufferAddress.of(memory.bytes(), 1));
            assertThat(Windows.at(address.get(), 1)).isNotNull();
        }
    }

    @Test
    void m3_slicesTravelAndKeepToTheirPart() {
        try (SharedMemory memory = sharedMemory(4096);
                SharedMemory slice = memory.slice(1000, 100);
                SharedMemory there = (SharedMemory) trip(slice.slice(10, 20))) {
            memory.bytes().put(1010, (byte) 3).put(1029, (byte) 4);
            assertThat(there.size()).isEqualTo(20);
            assertThat(there.bytes().get(0)).isEqualTo((byte) 3);
            assertThat(there.bytes().get(19)).isEqualTo((byte) 4);
            assertThatThrownBy(() -> there.bytes(10, 11)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> there.ints(20, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.slice(4000, 97)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.bytes(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void otherBuffersAreNoReferences() {
        try (SharedMemory memory = sharedMemory(64)) {
            ByteBuffer bytes = memory.bytes();
            assertThat(isReference(bytes.asReadOnlyBuffer())).isFalse();
            assertThat(isReference(bytes.asShortBuffer())).isFalse();
            assertThat(isReference(ByteBuffer.allocate(3))).isFalse();
            assertThat(isReference(ByteBuffer.allocateDirect(3))).isFalse();
        }
    }

    private static boolean isReference(Object object) {
        return MemoryReference.write(object, new FrameOutput(64, 255), new Flights());
    }

    @Test
    void m4_theFileGoesWithTheLastHandleAndViewsStay() {
        SharedMemory memory = sharedMemory(4096);
        SharedMemory slice = memory.slice(0, 8);
        Path file = memory.file();
        ByteBuffer view = memory.bytes();
        memory.close();
        memory.close();
        assertThat(file).exists();
        assertThatThrownBy(memory::bytes)
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("is closed");
        slice.close();
        assertThat(file).doesNotExist();
        view.put(17, (byte) 1);
        assertThat(view.get(17)).isEqualTo((byte) 1);
        assertThatThrownBy(() -> reference(view))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("was closed");
    }

    @Test
    void m4_aReferenceOnItsWayKeepsTheFile() {
        SharedMemory memory = sharedMemory(4096);
        memory.bytes().put(5, (byte) 55);
        ByteBuffer reference = reference(memory);
        memory.close();
        assertThat(memory.file()).exists();
        try (SharedMemory arrived = (SharedMemory) MemoryReference.read(reference)) {
            assertThat(arrived.bytes().get(5)).isEqualTo((byte) 55);
            assertThat(memory.file()).exists();
        }
        await().until(() -> !Files.exists(memory.file()));
    }

    @Test
    void aReferenceIsAwaitedAsLongAsOneOfItsConnectionsLives() {
        SharedMemory memory = sharedMemory(4096);
        Flights dead = new Flights();
        Flights alive = new Flights();
        reference(memory, dead);
        reference(memory, alive);
        dead.close();
        reference(memory, dead); // goes nowhere any more
        memory.close();
        assertThat(memory.file()).exists();
        alive.close();
        await().until(() -> !Files.exists(memory.file()));
    }

    @Test
    void whatIsNotSentToALostProcessIsNotCountedTwice() {
        try (SharedMemory memory = sharedMemory(4096)) {
            Flights dead = new Flights();
            dead.close();
            MemoryReference.forget(reference(memory, dead), dead);
            reference(memory).clear();
            memory.close();
            assertThat(memory.file()).exists(); // the one on its way counts
        }
    }

    @Test
    void m4_whatIsDroppedIsRemoved() {
        Path file = sharedMemory(4096).file();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return !Files.exists(file);
        });
    }

    @Test
    void aViewKeepsTheSegmentOfADroppedHandle() {
        ByteBuffer view = sharedMemory(4096).bytes();
        Path file = fileOf(view);
        for (int i = 0; i < 3; i++) {
            System.gc();
            assertThat(file).exists();
        }
        view.put(0, (byte) 1);
        assertThat(((ByteBuffer) trip(view)).get(0)).isEqualTo((byte) 1);
    }

    @Test
    void whatIsGivenBackUnreadIsNotTakenFromAView() {
        ByteBuffer view = sharedMemory(4096).bytes();
        Path file = fileOf(view);
        for (int i = 0; i < 3; i++) {
            System.gc(); // the handle is dropped
            MemoryReference.giveBack(reference(view));
            assertThat(file).exists();
            assertThat(((ByteBuffer) trip(view)).capacity()).isEqualTo(4096);
        }
    }

    private static Path fileOf(ByteBuffer view) {
        Windows.Window window = Windows.at(BufferAddress.of(view, 1), view.capacity());
        assertThat(window).isNotNull();
        return window.file.path();
    }

    @Test
    void sizesPast2GiB() {
        long size = (2L << 30) + 4096;
        try (SharedMemory memory = sharedMemory(size)) {
            memory.longs(size - 8, 1).put(0, 11);
            memory.longs((2L << 30) - 4, 1).put(0, 12); // across the border of windows
            assertThat(memory.longs(size - 8, 1).get(0)).isEqualTo(11);
            assertThat(memory.bytes((1L << 30) - 8, 1 << 30)
                            .order(ByteOrder.nativeOrder())
                            .getLong((1 << 30) - 8))
                    .isZero();
            assertThat(memory.bytes((2L << 30) - 4, 8)
                            .order(ByteOrder.nativeOrder())
                            .getLong(0))
                    .isEqualTo(12);
            assertThat(memory.bytes(100, Integer.MAX_VALUE - 100).remaining()).isEqualTo(Integer.MAX_VALUE - 100);
            assertThatThrownBy(memory::bytes)
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining("bytes(offset, length)");
        }
    }

    @Test
    void damagedReferencesAreRefused() {
        try (SharedMemory memory = sharedMemory(64)) {
            ByteBuffer good = reference(memory.ints(0, 4));
            for (int i = good.position(); i < good.limit(); i++) {
                byte[] bad = new byte[good.remaining()];
                good.duplicate().get(bad);
                bad[i] ^= (byte) 0x80;
                try {
                    Object read = MemoryReference.read(ByteBuffer.wrap(bad));
                    assertThat(read).isInstanceOfAny(java.nio.Buffer.class, SharedMemory.class);
                } catch (org.processional.ProcessionalException | java.nio.BufferUnderflowException e) {
                    assertThat(e).isNotNull();
                }
            }
        }
    }

    @Test
    void m3_whatIsExplainedIsNotOnItsWay() {
        try (SharedMemory memory = sharedMemory(100_000)) {
            IntBuffer view = memory.ints(0, 1000);
            byte[] large = new byte[200_000];
            Explanation explanation = Processional.explain(() -> memory.size() + view.limit() + large.length);
            assertThat(explanation.travels()).isTrue();
            assertThat(explanation.captures().get(0).bytes()).isLessThan(255);
            assertThat(explanation.captures().get(1).bytes()).isLessThan(255);
            assertThat(explanation.captures().get(2).bytes()).isBetween(200_000L, 200_100L);
            assertThat(((MappedMemory) memory).segment().file().header().flights())
                    .isZero();
        }
    }
}
