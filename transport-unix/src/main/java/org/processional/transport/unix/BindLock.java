// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to put a socket at a path, so that only one of many who find a dead socket there replaces it.
 *
 * <p>It is a lock on an empty file beside the path, which its holder deletes at the end. Somebody else may have opened
 * that file before and lock it afterwards; so the holder leaves a byte in it, and whoever locks a file that has one, or
 * that is not there any more, begins again.
 *
 * <p><b>Threads:</b> closed by the thread that acquired it. Holds {@code IN_JVM}, since file locks work between
 * processes only.
 */
final class BindLock implements Closeable {
    private static final ReentrantLock IN_JVM = new ReentrantLock();
    private static final long LIMIT_NANOS = 10_000_000_000L;
    private static final long STEP_NANOS = 1_000_000;

    private final Path file;
    private final FileChannel channel;

    private BindLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Waits for the lock; the interrupt flag must not be set.
     *
     * @throws IOException if the file cannot be made, or the lock is held for more than 10 s
     */
    static BindLock acquire(Path target) throws IOException {
        Path file = target.resolveSibling("." + target.getFileName() + ".lock");
        IN_JVM.lock();
        boolean taken = false;
        try {
            long start = System.nanoTime();
            while (true) {
                BindLock lock = attempt(file);
                if (lock != null) {
                    taken = true;
                    return lock;
                }
                if (System.nanoTime() - start > LIMIT_NANOS) {
                    throw new IOException("another process has been binding " + target
                            + " for 10 s; it holds a lock on " + file + ", so end it and try again");
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        } finally {
            if (!taken) {
                IN_JVM.unlock();
            }
        }
    }

    private static @Nullable BindLock attempt(Path file) throws IOException {
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.CREATE);
        options.add(StandardOpenOption.WRITE);
        options.add(LinkOption.NOFOLLOW_LINKS); // in /tmp anybody may have put a link there
        FileChannel channel = FileChannel.open(file, options, OwnerOnly.FILE);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null && channel.size() == 0 && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            return taken ? new BindLock(file, channel) : null;
        } catch (OverlappingFileLockException e) {
            return null; // held by this class, loaded once more by another class loader
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Throws nothing: what the lock was for has happened, and is not undone for what is left of the lock. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // a channel would be closed by it
        try (FileChannel closing = channel) {
            if (Files.deleteIfExists(file)) {
                closing.write(ByteBuffer.allocate(1));
            }
        } catch (IOException e) {
            // no permission any more, and the next one locks the same file; or no room for the byte
        } finally {
            IN_JVM.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
