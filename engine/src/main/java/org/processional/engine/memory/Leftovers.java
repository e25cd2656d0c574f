// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.processional.SharedMemoryException;
import org.processional.engine.Log;

/**
 * The files of segments that dead processes have left.
 *
 * <p><b>Threads:</b> under the lock of {@link Segments}.
 */
final class Leftovers {
    private Leftovers() {}

    /**
     * Removes those of this user.
     *
     * @param inUse whether this process may have a file open, which must not be opened again then; see {@link SegmentFile}
     * @return whether others have segments, of which some may be left by the dead a moment later
     */
    static boolean removeAll(Predicate<Path> inUse) {
        boolean others = false;
        Set<Path> openHere = openHere();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(SegmentNames.DIRECTORY, SegmentNames.PREFIX + "*")) {
            for (Path file : files) {
                if (!inUse.test(file)
                        && !openHere.contains(file.getFileName())
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    others |= !remove(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            Log.engine().debug("the RAM file system cannot be looked through", e);
        }
        return others;
    }

    /** The names of what this process has open, by this engine or another; none where the system does not tell. */
    private static Set<Path> openHere() {
        Set<Path> open = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                addTarget(descriptor, open);
            }
        } catch (IOException | DirectoryIteratorException e) {
            Log.engine().debug("what this process has open is not told", e);
        }
        return open;
    }

    private static void addTarget(Path descriptor, Set<Path> open) {
        try {
            Path name = Files.readSymbolicLink(descriptor).getFileName();
            if (name != null) {
                open.add(name);
            }
        } catch (IOException e) {
            // closed meanwhile
        }
    }

    /**
     * Removes one, unless somebody who lives has it.
     *
     * @return whether it was removed
     */
    static boolean remove(Path file) {
        try {
            boolean removed = SegmentFile.removeIfDead(file);
            if (removed) {
                Log.engine().debug("removed {}, which dead processes left", file);
            }
            return removed;
        } catch (IOException | SharedMemoryException e) {
            Log.engine().debug("{} cannot be removed", file, e);
            return false;
        }
    }
}
