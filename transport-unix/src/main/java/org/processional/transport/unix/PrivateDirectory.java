// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;

/**
 * Where the sockets of fresh addresses are: {@code $XDG_RUNTIME_DIR/processional}, or {@code processional-<user>} among
 * the temporary files. It belongs to the user, nobody else can enter it, and it stays. What killed processes left in it
 * goes when the next process asks for an address.
 *
 * <p>If somebody else has taken that name, each address gets a directory of its own, which goes with its listener.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class PrivateDirectory {
    private static final String NAME = "processional";
    private static final String SINGLE_PREFIX = NAME + "-single-";
    private static final String LONGEST_SINGLE = SINGLE_PREFIX + Long.toUnsignedString(-1);
    private static final String LONGEST_NAME = "4194304-2147483647-zzz";
    private static final Path TMP = Path.of("/tmp");
    private static final File PROCESSES = new File("/proc");
    private static final long OLD_MILLIS = 60 * 60 * 1000;
    private static final int RANDOM_BOUND = 36 * 36 * 36;
    private static final AtomicBoolean SWEPT = new AtomicBoolean();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private PrivateDirectory() {}

    /** A path that nobody uses: process, count, and a random part for processes that see other process ids. */
    static Path freshPath() throws IOException {
        return freshPath(System.getenv("XDG_RUNTIME_DIR"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The same, for given places. */
    static Path freshPath(@Nullable String runtime, Path temporary) throws IOException {
        Path directory = find(runtime, temporary);
        if (SWEPT.compareAndSet(false, true)) {
            sweep(directory);
        }
        while (true) {
            int random = ThreadLocalRandom.current().nextInt(RANDOM_BOUND);
            String count = COUNT.incrementAndGet() + "-" + Integer.toString(random, Character.MAX_RADIX);
            Path path = directory.resolve(ownPid() + "-" + count);
            if (!Files.exists(path)) {
                return path;
            }
        }
    }

    /** Deletes the dead sockets whose addresses were made by processes that are gone, and what was for moments and is old. */
    static void sweep(Path directory) throws IOException {
        String[] names = directory.toFile().list();
        if (names == null || !PROCESSES.isDirectory()) {
            return;
        }
        for (String name : names) {
            int dash = name.indexOf('-');
            if (name.startsWith(".")) {
                deleteIfOld(directory.resolve(name).toFile());
            } else if (dash > 0 && !new File(PROCESSES, name.substring(0, dash)).exists()) {
                deleteIfDead(directory.resolve(name));
            }
        }
    }

    private static void deleteIfDead(Path file) {
        try {
            SocketName name = SocketName.of(new Address("unix", file.toString(), Map.of()));
            if (OwnerOnly.isSocket(file) && !JdkSockets.INSTANCE.isLive(name)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // another process sweeps too, and was faster
        }
    }

    /** A lock, or the folder in which a socket is made: who leaves it was killed. */
    private static void deleteIfOld(File file) {
        long time = file.lastModified();
        if (time == 0 || System.currentTimeMillis() - time <= OLD_MILLIS) {
            return;
        }
        try {
            if (file.isDirectory()) {
                Files.deleteIfExists(file.toPath().resolve(SocketFile.HIDDEN));
            }
            Files.deleteIfExists(file.toPath());
        } catch (IOException e) {
            // another process sweeps too, and was faster
        }
    }

    private static String ownPid() throws IOException {
        Path self = new File(PROCESSES, "self").toPath();
        return Files.isSymbolicLink(self) // five times faster than ProcessHandle, in a fresh JVM
                ? Files.readSymbolicLink(self).toString()
                : Long.toString(ProcessHandle.current().pid());
    }

    /** Deletes the directory of a path that was deleted, if it was made for that path alone. */
    static void discardIfSingle(Path path) {
        Path directory = path.getParent();
        if (directory != null
                && directory.getFileName() != null
                && directory.getFileName().toString().startsWith(SINGLE_PREFIX)) {
            File file = directory.toFile();
            if (!file.delete()) {
                file.deleteOnExit(); // something else is in it
            }
        }
    }

    private static Path find(@Nullable String runtime, Path temporary) throws IOException {
        if (runtime != null && runtime.startsWith("/")) {
            Path place = Path.of(runtime);
            if (Files.isDirectory(place) && OwnerOnly.isPrivate(place)) {
                Path directory = place.resolve(NAME);
                if (isUsable(directory)) {
                    return directory;
                }
            }
        }
        Path first = temporary.toAbsolutePath();
        for (Path place : first.equals(TMP) ? List.of(first) : List.of(first, TMP)) {
            Path directory = place.resolve(NAME + "-" + OwnUser.principal().getName());
            if (isShort(directory) && isUsable(directory)) {
                return directory;
            }
            if (isShort(place.resolve(LONGEST_SINGLE))) {
                return Files.createTempDirectory(place, SINGLE_PREFIX);
            }
        }
        throw new IOException("the path of the temporary folder is too long for sockets: " + first
                + "; choose a shorter one with -Djava.io.tmpdir=FOLDER");
    }

    /** Whether the sockets that are made in a directory have paths that the system takes. */
    private static boolean isShort(Path directory) {
        return SocketName.fits(directory.resolve(LONGEST_NAME));
    }

    /** Makes the directory if it is not there; whether it is ours, and ours alone. */
    private static boolean isUsable(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, OwnerOnly.DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            // made by another process of ours, or by somebody else: looked at now
        }
        return OwnerOnly.isPrivate(directory);
    }
}
