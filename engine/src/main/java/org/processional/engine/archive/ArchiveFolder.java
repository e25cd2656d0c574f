// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.processional.engine.code.CacheTrimmer;
import org.processional.engine.code.PrivateFolder;

/**
 * The files of archives. For each key there is the archive, {@code .sum} with its length and check sum, {@code .starts}
 * with a byte for each start before it was made, {@code .lock} held by who makes it, and {@code .failed} for a day where
 * that failed. An archive is written under another name and moved, so it is never there half. What was not used for
 * the longest time goes when the folder is full.
 *
 * <p><b>Threads:</b> any thread, and any number of processes at once. Another process may delete a file at any time; a
 * JVM whose archive is gone starts without.
 */
final class ArchiveFolder {
    private static final String SUM = ".sum";
    private static final String STARTS = ".starts";
    private static final String LOCK = ".lock";
    private static final String FAILED = ".failed";
    private static final Duration REMEMBERED = Duration.ofDays(1); // a failure

    private final Path folder;
    private final CacheTrimmer trimmer;

    /**
     * Names the folder, which is made when it is needed.
     *
     * @param limitBytes what the sizes of its files may sum up to
     */
    ArchiveFolder(Path folder, long limitBytes) {
        this.folder = folder.toAbsolutePath();
        this.trimmer = new CacheTrimmer(limitBytes);
    }

    /** Where the archive of a key is, or would be. */
    Path file(ArchiveKey key) {
        return folder.resolve(key.name() + key.kind().ending());
    }

    private Path beside(ArchiveKey key, String ending) {
        return folder.resolve(key.name() + ending);
    }

    /** The archive of a key; null if there is none, it has not the length it should have, or others could have put it there. */
    @Nullable
    Path find(ArchiveKey key) {
        Path archive = file(key);
        try {
            if (!Files.exists(archive)) {
                return null;
            }
            PrivateFolder.require(folder);
            if (Files.size(archive) == sum(key).bytes) {
                CacheTrimmer.noteUse(archive);
                CacheTrimmer.noteUse(beside(key, SUM));
                return archive;
            }
            Files.deleteIfExists(archive);
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    private record Sum(long bytes, long check) {}

    private Sum sum(ArchiveKey key) throws IOException {
        String text = Files.readString(beside(key, SUM), StandardCharsets.US_ASCII);
        int space = text.indexOf(' ');
        try {
            return new Sum(Long.parseLong(text, 0, Math.max(0, space), 10), Long.parseLong(text.substring(space + 1)));
        } catch (NumberFormatException e) {
            return new Sum(-1, 0); // damaged
        }
    }

    /** Reads an archive; one that is damaged is deleted, so that it is made anew. Says whether it is whole. */
    boolean check(ArchiveKey key) throws IOException {
        Path archive = file(key);
        boolean whole = sumOf(archive).equals(sum(key));
        if (!whole) {
            Files.deleteIfExists(archive);
        }
        return whole;
    }

    private static Sum sumOf(Path file) throws IOException {
        CRC32 check = new CRC32();
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (InputStream in = new FileInputStream(file.toFile())) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                check.update(buffer, 0, length);
                bytes += length;
            }
        }
        return new Sum(bytes, check.getValue());
    }

    /** Counts a start, and says how many there were. */
    long count(ArchiveKey key) throws IOException {
        PrivateFolder.make(folder);
        Path starts = beside(key, STARTS);
        Files.write(starts, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Files.size(starts);
    }

    /** Notes that no archive of a key could be made. */
    void fail(ArchiveKey key) throws IOException {
        Files.write(beside(key, FAILED), new byte[0]);
    }

    /** Whether that was noted, not long ago. */
    boolean hasFailed(ArchiveKey key) throws IOException {
        Path failed = beside(key, FAILED);
        return Files.exists(failed)
                && Files.getLastModifiedTime(failed)
                        .toInstant()
                        .isAfter(Instant.now().minus(REMEMBERED));
    }

    /** The right to make the archive of a key; null if another process, or thread, has it. */
    @Nullable
    Place lock(ArchiveKey key) throws IOException {
        FileChannel channel = FileChannel.open(beside(key, LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            return lock == null ? null : new Place(key, channel);
        } catch (OverlappingFileLockException e) { // another engine of this JVM
            return null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    /** The right to make an archive, until it is closed. */
    final class Place implements AutoCloseable {
        private final ArchiveKey key;
        private final FileChannel channel;
        private final Path fresh;

        private Place(ArchiveKey key, FileChannel channel) {
            this.key = key;
            this.channel = channel;
            this.fresh =
                    folder.resolve(CacheTrimmer.FRESH + key.name() + key.kind().ending()); // this process alone
        }

        /** Where to write it. */
        Path fresh() {
            return fresh;
        }

        /** Puts what was written where slaves find it. */
        void publish() throws IOException {
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.READ)) {
                written.force(true); // or a name without content survives a loss of power
            }
            Sum sum = sumOf(fresh);
            trimmer.makeRoom(fresh, sum.bytes);
            Path sumFile = fresh.resolveSibling(CacheTrimmer.FRESH + key.name() + SUM);
            Files.writeString(sumFile, sum.bytes + " " + sum.check, StandardCharsets.US_ASCII);
            Files.move(sumFile, beside(key, SUM), StandardCopyOption.ATOMIC_MOVE);
            Files.move(fresh, file(key), StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(beside(key, STARTS));
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + ".config")); // of a JVM that was stopped
            channel.close(); // with it the lock
        }
    }
}
