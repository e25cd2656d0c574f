// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.SharedMemoryException;
import org.processional.engine.OwnerOnly;
import org.processional.spi.MappableMemory;

/**
 * The file of a segment, open and locked by this process. The shared lock on its first byte says that this process lives
 * and holds it; who leaves tries for the exclusive lock, and removes the file if nobody else has it.
 *
 * <p>The locks are those of POSIX: they belong to the process, and the system takes all of them back when the process
 * closes <em>any</em> descriptor of the file. So nobody opens a file here that this process has open.
 *
 * <p><b>Threads:</b> opened and left under the lock of {@link Segments}; the rest from any thread.
 */
final class SegmentFile {
    /** What a new file holds, from its beginning on. */
    interface Content {
        /** Zeros alone. */
        Content NONE = (to, begin) -> begin;

        /** Writes it, and says where in the file it ends. */
        long write(FileChannel to, long begin) throws IOException;

        /** What remains of a buffer. */
        static Content of(ByteBuffer buffer) {
            return (to, begin) -> SegmentFile.write(to, begin, buffer);
        }
    }

    private static final int PIECE_BYTES = 1 << 20;
    private static final long MOST_REMOVED_BYTES = 256 << 20;
    private static final int MOST_TRIES = 6;
    private static final long PAUSE_NANOS = 20_000_000; // for who runs after the collector
    private static final long SHORT_PAUSE_NANOS = 100_000;
    private static final long LONGEST_LOCK_NANOS = 2_000_000_000;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10);
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private static final AtomicLong REMOVED_BYTES = new AtomicLong(); // by this process, since the collector was asked

    private final Path path;
    private FileChannel channel; // guarded by this
    private final SegmentHeader header;
    private @Nullable FileLock lock; // guarded by this; null when it was left
    final Set<Flights> flights = new HashSet<>(); // on which references to it departed; guarded by the lock of Segments
    boolean lost; // a connection was, on which some of them may arrive yet; guarded by the lock of Segments
    final List<Windows.Window> windows = new ArrayList<>(); // what is mapped; guarded by the lock of Segments
    int segments; // of this process that are made of it; guarded by the lock of Segments
    boolean held; // until it is given up; guarded by the lock of Segments
    private final byte[] names; // with which every reference to it begins

    private SegmentFile(Path path, FileChannel channel, FileLock lock) throws IOException {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.header = new SegmentHeader(channel.map(FileChannel.MapMode.READ_WRITE, 0, SegmentHeader.BYTES));
        this.names = MemoryReference.names(path);
    }

    /**
     * Makes a file, and writes every byte of it, be it of the content or zero behind it: where there is no room this
     * throws, and no access to the mapped memory is a SIGBUS later. (The JDK has no fallocate. It costs about 0.4 ms for
     * each MiB.)
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     * @throws SharedMemoryException if there is no room
     */
    static SegmentFile create(Path path, long size, Content content, long startMillis) throws IOException {
        if (REMOVED_BYTES.get() >= MOST_REMOVED_BYTES) {
            collect();
        }
        try {
            return createOnce(path, size, content, startMillis);
        } catch (SharedMemoryException e) {
            if (!collect()) {
                throw e;
            }
        }
        for (int tries = 1; ; tries++) { // what was collected has room a moment later
            try {
                return createOnce(path, size, content, startMillis);
            } catch (SharedMemoryException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Files that were removed keep their memory until what is mapped of them is collected; whether there were any. */
    private static boolean collect() {
        boolean some = REMOVED_BYTES.getAndSet(0) > 0;
        if (some) {
            System.gc();
        }
        return some;
    }

    private static SegmentFile createOnce(Path path, long size, Content content, long startMillis) throws IOException {
        return Undisturbed.run(() -> {
            SegmentFile file = tryCreate(path, size, content, startMillis);
            while (file == null) {
                file = tryCreate(path, size, content, startMillis);
            }
            return file;
        });
    }

    /** Makes a file; null if somebody took its maker for dead, since it had no lock yet, and removed it. */
    private static @Nullable SegmentFile tryCreate(Path path, long size, Content content, long startMillis)
            throws IOException {
        requireRoom(path, size);
        FileChannel channel = FileChannel.open(path, NEW, OwnerOnly.file(path));
        boolean removed = false;
        boolean done = false;
        try {
            FileLock lock = lock(channel, path);
            removed = channel.size() > 0;
            if (removed) {
                return null;
            }
            try {
                fill(channel, 0, SegmentHeader.BYTES);
                fill(channel, content.write(channel, SegmentHeader.BYTES), SegmentHeader.BYTES + size);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw noRoom(path, size, e.getMessage(), e);
            }
            SegmentFile file = new SegmentFile(path, channel, lock);
            file.header.init(size, ProcessHandle.current().pid(), startMillis);
            file.header.addHolders(1);
            done = true;
            return file;
        } finally {
            if (!done) {
                if (!removed) {
                    Files.deleteIfExists(path);
                }
                channel.close();
            }
        }
    }

    /** What does not fit must not take all that others have left until that is found out. */
    private static void requireRoom(Path path, long size) {
        File folder = Objects.requireNonNull(path.toAbsolutePath().getParent()).toFile();
        long free = folder.getUsableSpace();
        if (size > free - SegmentHeader.BYTES && folder.getTotalSpace() > 0) { // 0: one without a limit
            throw noRoom(path, size, free + " are free", null);
        }
    }

    private static SharedMemoryException noRoom(Path path, long size, @Nullable String why, @Nullable Throwable cause) {
        String message = "no room for " + size + " bytes of shared memory in " + path.getParent() + ": " + why
                + "; close what is not needed, or give that file system more room";
        return cause == null ? new SharedMemoryException(message) : new SharedMemoryException(message, cause);
    }

    private static void fill(FileChannel channel, long begin, long end) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (long at = begin; at < end; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
            at += channel.write(zeros, at);
        }
    }

    /** Writes a content in pieces: the JDK keeps a direct buffer as large as the largest that was written from the heap. */
    private static long write(FileChannel channel, long begin, ByteBuffer content) throws IOException {
        ByteBuffer piece = content.duplicate();
        long at = begin;
        while (piece.position() < content.limit()) {
            piece.limit(Math.min(content.limit(), piece.position() + PIECE_BYTES));
            at += channel.write(piece, at);
            piece.limit(content.limit());
        }
        return at;
    }

    /**
     * Opens a file that another process made.
     *
     * @return the file; null if it was removed while it was opened
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    @SuppressWarnings("NullAway") // the result may be null, as the type argument says
    static @Nullable SegmentFile open(Path path) throws IOException {
        return Undisturbed.<@Nullable SegmentFile>run(() -> tryOpen(path));
    }

    private static @Nullable SegmentFile tryOpen(Path path) throws IOException {
        FileChannel channel = OwnFile.open(path);
        boolean done = false;
        try {
            FileLock lock = lock(channel, path);
            if (channel.size() < SegmentHeader.BYTES) {
                return null; // who makes it has not the lock yet, or died over it
            }
            SegmentFile file = new SegmentFile(path, channel, lock);
            if (!file.header.isValid()
                    || file.header.isRemoved()
                    || channel.size() < SegmentHeader.BYTES + file.header.size()) {
                return null;
            }
            file.header.addHolders(1);
            done = true;
            return file;
        } catch (OverlappingFileLockException e) {
            throw new SharedMemoryException(
                    path + " is in use by another engine of this JVM, in another class loader; use one engine", e);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Takes the shared lock; others have it exclusively for moments only, unless they are stopped in one. */
    private static FileLock lock(FileChannel channel, Path path) throws IOException {
        long start = System.nanoTime();
        FileLock lock = channel.tryLock(0, 1, true);
        while (lock == null) {
            if (System.nanoTime() - start > LONGEST_LOCK_NANOS) {
                throw new SharedMemoryException(
                        path + " is locked by a process of this user that does not go on; end that process");
            }
            LockSupport.parkNanos(SHORT_PAUSE_NANOS);
            lock = channel.tryLock(0, 1, true);
        }
        return lock;
    }

    /**
     * Removes a file whose holders are all dead; called for files that this process does not have open. A file without
     * any content may have a living maker who has not locked it yet: a byte tells it to make another.
     */
    static boolean removeIfDead(Path path) throws IOException {
        Object key = OwnFile.require(path);
        try (FileChannel channel = OwnFile.open(path);
                FileLock lock = channel.tryLock(0, 1, false)) {
            if (lock == null || !key.equals(OwnFile.require(path))) { // or removed, and its name is another file's
                return false;
            }
            if (channel.size() < SegmentHeader.BYTES) {
                channel.write(ByteBuffer.allocate(1), 0);
            } else {
                new SegmentHeader(channel.map(FileChannel.MapMode.READ_WRITE, 0, SegmentHeader.BYTES)).remove();
            }
            return Files.deleteIfExists(path);
        } catch (OverlappingFileLockException e) {
            return false; // another engine of this JVM has it
        }
    }

    Path path() {
        return path;
    }

    SegmentHeader header() {
        return header;
    }

    /** The host and the file, as references name them. */
    byte[] names() {
        return names;
    }

    /** Whether bytes begin with its names. */
    boolean isNamedBy(ByteBuffer bytes) {
        int same = ByteBuffer.wrap(names).mismatch(bytes);
        return same < 0 || same == names.length;
    }

    /** Maps a part of the content. */
    MappedByteBuffer map(long offset, long length) {
        try {
            return mapWith(
                    (from, begin, bytes) -> from.map(FileChannel.MapMode.READ_WRITE, begin, bytes), offset, length);
        } catch (IOException e) {
            throw new SharedMemoryException(
                    "cannot map " + length + " bytes of " + path + ": " + e.getMessage()
                            + "; the system may limit the address space or the number of mappings",
                    e);
        }
    }

    /** Maps a part of the content as somebody else would have it. */
    synchronized <T> T mapWith(MappableMemory.Mapping<T> mapping, long offset, long length) throws IOException {
        return Undisturbed.run(() -> mapping.map(open(), SegmentHeader.BYTES + offset, length));
    }

    /**
     * Writes another content over the beginning of what is there; it is no longer than that.
     *
     * @throws IOException if the file was removed, since others took this process for dead
     */
    synchronized void overwrite(Content content) throws IOException {
        if (header.isRemoved()) {
            throw new NoSuchFileException(path.toString());
        }
        Undisturbed.run(() -> content.write(open(), SegmentHeader.BYTES));
    }

    /** The channel; opened again behind an interrupt, when others may have taken this process for dead for a moment. */
    private FileChannel open() throws IOException { // guarded by this
        if (lock == null || channel.isOpen()) {
            return channel;
        }
        FileChannel again = OwnFile.open(path);
        channel = again;
        lock = lock(again, path);
        if (header.isRemoved()) { // what has its name now is somebody else's
            again.close();
            throw new NoSuchFileException(path.toString());
        }
        return again;
    }

    /** Gives the file up, and removes it if no other process has it. What is mapped stays. */
    synchronized void leave() throws IOException {
        if (lock == null) {
            return;
        }
        try (FileChannel closed = Undisturbed.run(this::open)) {
            FileLock held = Objects.requireNonNull(lock);
            lock = null;
            header.addHolders(-1);
            held.release();
            FileLock last = closed.tryLock(0, 1, false);
            if (last != null) {
                header.remove(); // before the file is gone: who opened it meanwhile sees that
                Files.deleteIfExists(path);
                REMOVED_BYTES.addAndGet(header.size());
            }
        } catch (NoSuchFileException e) { // removed by somebody who took this process for dead
            lock = null;
        }
    }

    @Override
    public String toString() {
        return "shared memory of " + header.size() + " bytes in " + path;
    }
}
