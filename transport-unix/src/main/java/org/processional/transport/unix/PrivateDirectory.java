// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where the sockets of fresh addresses are: {@code $XDG_RUNTIME_DIR/processional}, or {@code processional-<user>} among
 * the temporary files. It belongs to the user, nobody else can enter it, and it stays.
 *
 * <p>If somebody else has taken that name, each address gets a directory of its own, which goes with its listener.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class PrivateDirectory {
    private static final String NAME = "processional";
    private static final String SINGLE_PREFIX = NAME + "-single-";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private PrivateDirectory() {}

    /** A path that nobody uses: process, count, and a random part for processes that see other process ids. */
    static Path freshPath() throws IOException {
        return freshPath(System.getenv("XDG_RUNTIME_DIR"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The same, for given places. */
    static Path freshPath(@Nullable String runtime, Path temporary) throws IOException {
        Path directory = find(runtime, temporary);
        while (true) {
            String random = Integer.toString(
                    ThreadLocalRandom.current().nextInt(Character.MAX_RADIX * 1000), Character.MAX_RADIX);
            Path path = directory.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + random);
            if (!Files.exists(path)) {
                return path;
            }
        }
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
        Path directory = temporary
                .toAbsolutePath()
                .resolve(NAME + "-" + OwnUser.principal().getName());
        if (isUsable(directory)) {
            return directory;
        }
        return Files.createTempDirectory(temporary.toAbsolutePath(), SINGLE_PREFIX);
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
