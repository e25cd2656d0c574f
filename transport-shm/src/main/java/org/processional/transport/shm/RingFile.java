// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The mapped file of one connection.
 *
 * <p>Who connects makes it, writes all its space (so that a full disk is an exception here and no fault later), and
 * introduces it; who listens maps it and deletes it. What a death in between leaves is deleted by the next process that
 * makes one: the name says whose it is. The memory is given back when the collector finds that nobody can touch it any
 * more; as it does not know what a mapping costs, it is asked to look when much has been closed.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class RingFile {
    /** Where the files are; a property for tests and odd systems. */
    static final String DIRECTORY_PROPERTY = "processional.shm.directory";

    private static final String RAM_DISK = "/dev/shm";
    private static final String PREFIX = "processional-ring-";
    private static final int CHUNK_BYTES = 64 << 10;
    private static final long MOST_CLOSED_BYTES = 16 << 20;

    private static final int MOST_TRIES = 6;
    private static final long PAUSE_NANOS = 20_000_000; // for who runs after the collector

    /** What was not accepted for longer than that will not be: longer than a listener has patience with who connected. */
    private static final long ABANDONED_NANOS = 30_000_000_000L;

    private static final Queue<Abandoned> ABANDONED = new ConcurrentLinkedQueue<>(); // the oldest first
    private static final AtomicBoolean SWEPT = new AtomicBoolean();
    private static final AtomicLong COUNT = new AtomicLong();
    private static final AtomicLong CLOSED_BYTES = new AtomicLong(); // since the collector was asked

    private final Path path;
    private final int ringBytes;
    private final long nonce;
    private final long pid;
    private final ByteBuffer memory;

    private RingFile(Path path, int ringBytes, long nonce, long pid, ByteBuffer memory) {
        this.path = path;
        this.ringBytes = ringBytes;
        this.nonce = nonce;
        this.pid = pid;
        this.memory = memory;
    }

    Path path() {
        return path;
    }

    int ringBytes() {
        return ringBytes;
    }

    long nonce() {
        return nonce;
    }

    long pid() {
        return pid;
    }

    /** The whole file, in the order of the machine. */
    ByteBuffer memory() {
        return memory;
    }

    /** Why no connection could be made now, as far as one can see without making it; empty if one can be. */
    static Optional<String> unavailable(int ringBytes) {
        File disk = directory();
        if (!disk.isDirectory() || !disk.canWrite()) {
            return Optional.of("there is no RAM disk at " + disk + " that this process may write to");
        }
        long needed = RingFormat.fileBytes(ringBytes);
        long free = disk.getUsableSpace();
        return free >= needed
                ? Optional.empty()
                : Optional.of(disk + " has " + free + " bytes left, and a connection takes " + needed);
    }

    private static File directory() {
        return new File(System.getProperty(DIRECTORY_PROPERTY, RAM_DISK));
    }

    /**
     * Makes a file for a connection.
     *
     * @throws IOException if there is no RAM disk, or no room on it; the message names the way out
     */
    static RingFile create(ShmAddress address) throws IOException {
        File disk = directory();
        if (!disk.isDirectory()) {
            throw new IOException("there is no RAM disk at " + disk + ", which " + address + " needs; use "
                    + address.socket() + " at both ends");
        }
        boolean interrupted = Thread.interrupted(); // a channel would be closed by it
        try {
            if (SWEPT.compareAndSet(false, true)) {
                sweep(disk);
            }
            deleteAbandoned(ABANDONED_NANOS);
            collectIfWorthwhile();
            try {
                return make(disk, address.ringBytes());
            } catch (IOException e) {
                return makeAgain(disk, address);
            }
        } finally {
            restore(interrupted);
        }
    }

    /** What is closed but not yet collected has room, which comes free a moment after the collection. */
    private static RingFile makeAgain(File disk, ShmAddress address) throws IOException {
        System.gc();
        for (int tries = 1; ; tries++) {
            try {
                return make(disk, address.ringBytes());
            } catch (IOException e) {
                if (tries == MOST_TRIES) {
                    throw new IOException(
                            "no shared memory for " + address + ": " + RingFormat.fileBytes(address.ringBytes())
                                    + " bytes in " + disk + ": " + e.getMessage()
                                    + "; make room there, ask for less with ?ring=BYTES, or use " + address.socket()
                                    + " at both ends",
                            e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static RingFile make(File disk, int ringBytes) throws IOException {
        ProcessMark own = ProcessMark.own();
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong()); // else others could take it before
        Path path = disk.toPath().resolve(PREFIX + own + "-" + COUNT.incrementAndGet() + "-" + random);
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long nonce = ThreadLocalRandom.current().nextLong();
        boolean done = false;
        try (FileChannel channel = FileChannel.open(path, options, ownerOnly)) {
            long length = RingFormat.fileBytes(ringBytes);
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(length, CHUNK_BYTES));
            for (long at = 0; at < length; ) {
                zeros.limit((int) Math.min(zeros.capacity(), length - at)).position(0);
                at += channel.write(zeros, at);
            }
            ByteBuffer memory = map(channel, length);
            memory.putLong(RingFormat.NONCE, nonce);
            done = true;
            return new RingFile(path, ringBytes, nonce, own.pid(), memory);
        } finally {
            if (!done) {
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * Maps the file of who connected, and deletes it.
     *
     * @throws IOException if it cannot be used; the message is for who connected
     */
    static RingFile open(Greeting greeting) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            collectIfWorthwhile();
            return openQuietly(greeting);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "the shared memory " + greeting.path() + " cannot be used here (" + e
                            + "); do both processes see the same /dev/shm, as the same user? Use unix: in place of shm:",
                    e);
        } finally {
            restore(interrupted);
        }
    }

    private static RingFile openQuietly(Greeting greeting) throws IOException {
        Path path = greeting.path();
        if (!path.isAbsolute()
                || path.getFileName() == null
                || !path.getFileName().toString().startsWith(PREFIX)) {
            throw new IOException("it has an odd name");
        }
        long length = RingFormat.fileBytes(greeting.ringBytes());
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(path, options)) {
            if (channel.size() != length) {
                throw new IOException("it has " + channel.size() + " bytes, not " + length);
            }
            ByteBuffer memory = map(channel, length);
            if (memory.getLong(RingFormat.NONCE) != greeting.nonce()) {
                throw new IOException("it belongs to another connection");
            }
            memory.putInt(RingFormat.MAPPED, 1);
            Files.deleteIfExists(path);
            return new RingFile(path, greeting.ringBytes(), greeting.nonce(), greeting.pid(), memory);
        }
    }

    private static ByteBuffer map(FileChannel channel, long length) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, length).order(ByteOrder.nativeOrder());
    }

    /**
     * Ends the use of the file at one end.
     *
     * @param owner whether this is the end that made it
     * @param ended whether the other end is gone
     */
    void close(boolean owner, boolean ended) {
        CLOSED_BYTES.addAndGet(memory.capacity());
        if (!owner || memory.getInt(RingFormat.MAPPED) != 0) {
            return;
        }
        if (ended) {
            delete(); // nobody will accept it any more
        } else {
            path.toFile().deleteOnExit(); // unless somebody accepts it before, who finds what was sent, and deletes it
            ABANDONED.add(new Abandoned(path, System.nanoTime()));
        }
    }

    /** A file of a connection that was closed before anybody accepted it. */
    private record Abandoned(Path path, long sinceNanos) {}

    /** Deletes what nobody has accepted for so long that nobody will: who listens may hang, and who connects try again. */
    static void deleteAbandoned(long patienceNanos) throws IOException {
        long now = System.nanoTime();
        for (Abandoned next = ABANDONED.peek();
                next != null && now - next.sinceNanos > patienceNanos;
                next = ABANDONED.peek()) {
            if (ABANDONED.remove(next)) {
                Files.deleteIfExists(next.path);
            }
        }
    }

    /** Deletes the file, if it is still there. */
    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    private static void collectIfWorthwhile() {
        long bytes = CLOSED_BYTES.get();
        if (bytes >= MOST_CLOSED_BYTES && CLOSED_BYTES.compareAndSet(bytes, 0)) {
            System.gc();
        }
    }

    /** Deletes what processes left that are gone. */
    static void sweep(File disk) {
        String[] names = disk.list();
        if (names == null) {
            return;
        }
        for (String name : names) {
            if (name.startsWith(PREFIX) && ProcessMark.isGone(name.substring(PREFIX.length()))) {
                new File(disk, name).delete(); // or somebody else's, or another process was faster
            }
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
