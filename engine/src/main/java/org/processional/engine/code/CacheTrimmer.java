// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.processional.engine.Log;

/**
 * Keeps a folder of contents within its limit. It looks into the folder seldom: when what this process has written since
 * the last time could exceed it, or is a sixteenth of the limit, for other processes write too.
 *
 * <p><b>Threads:</b> any thread.
 */
public final class CacheTrimmer {
    /** How the name of a file begins that is being written. */
    public static final String FRESH = ".fresh-";

    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final Duration NOTED = Duration.ofHours(1);

    private final long limitBytes;
    private long untilScan; // bytes; guarded by this

    private record Kept(Path path, long bytes, FileTime used) {}

    /** Keeps a folder to some bytes. */
    public CacheTrimmer(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Deletes the least recently used files where a content that comes would be too much, and what writers left behind. */
    public synchronized void makeRoom(Path fresh, long bytes) {
        untilScan -= bytes;
        if (untilScan >= 0) {
            return;
        }
        Path folder = fresh.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try {
            List<Kept> files = list(folder);
            files.sort(Comparator.comparing(Kept::used));
            long total = bytes + files.stream().mapToLong(Kept::bytes).sum();
            long goal = total > limitBytes ? limitBytes - limitBytes / 8 : total; // some more, or each would scan
            for (Kept file : files) {
                if (total <= goal) {
                    break;
                }
                if (tryDelete(file.path)) {
                    total -= file.bytes;
                }
            }
            untilScan = Math.max(0, Math.min(limitBytes - total, limitBytes / 16));
        } catch (IOException e) {
            Log.engine().warn("cannot look after the size of the cache {}", folder, e);
        }
    }

    private static boolean tryDelete(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) { // some systems keep what somebody has open
            return false;
        }
    }

    private static List<Kept> list(Path folder) throws IOException {
        FileTime abandoned = FileTime.from(Instant.now().minus(ABANDONED));
        List<Kept> files = new ArrayList<>();
        List<Path> paths;
        try (Stream<Path> all = Files.list(folder)) {
            paths = all.toList();
        }
        for (Path path : paths) {
            BasicFileAttributes found;
            try {
                found = Files.readAttributes(path, BasicFileAttributes.class);
            } catch (IOException e) {
                continue; // another process was first
            }
            boolean isFresh = String.valueOf(path.getFileName()).startsWith(FRESH);
            if (isFresh && found.lastModifiedTime().compareTo(abandoned) < 0) {
                tryDelete(path);
            } else if (!isFresh && found.isRegularFile()) {
                files.add(new Kept(path, found.size(), found.lastModifiedTime()));
            }
        }
        return files;
    }

    /** Remembers that a file was used, by its time; not where it was within the last hour. */
    public static void noteUse(Path file) throws IOException {
        Instant now = Instant.now();
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(NOTED))) {
            Files.setLastModifiedTime(file, FileTime.from(now));
        }
    }

    /** Deletes a folder of files. */
    static void delete(Path folder) {
        try {
            List<Path> paths;
            try (Stream<Path> all = Files.list(folder)) {
                paths = all.toList();
            }
            for (Path path : paths) {
                Files.deleteIfExists(path);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            Log.engine().warn("cannot delete {}", folder, e);
        }
    }
}
