// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveStartException;

/**
 * Paths of several files, as a command line has them.
 *
 * <p><b>Threads:</b> stateless.
 */
final class PathText {
    private PathText() {}

    /**
     * The entries of a path such as that of a system property.
     *
     * @param what what it is called in a message
     * @throws SlaveStartException if an entry cannot be the name of a file here
     */
    static List<Path> entries(@Nullable String path, String what) {
        List<Path> entries = new ArrayList<>();
        if (path == null || path.isEmpty()) {
            return entries;
        }
        for (String entry : path.split(File.pathSeparator, -1)) {
            try {
                entries.add(Path.of(entry));
            } catch (InvalidPathException e) {
                throw new SlaveStartException(
                        "\"" + entry + "\" of the " + what + " is no name of a file here, where names are in "
                                + System.getProperty("sun.jnu.encoding")
                                + "; start this program in a locale that has its letters, such as LC_ALL=C.UTF-8",
                        e);
            }
        }
        return entries;
    }

    /**
     * One text of all entries, each absolute, since the slave may have another working directory.
     *
     * @throws SlaveStartException if an entry has the character that separates entries in its name
     */
    static String join(List<Path> entries) {
        StringBuilder joined = new StringBuilder();
        for (Path entry : entries) {
            String text = entry.toAbsolutePath().toString();
            if (text.contains(File.pathSeparator)) {
                throw new SlaveStartException("no path of a JVM can hold " + text + ", because \"" + File.pathSeparator
                        + "\" separates its entries; rename or link that file");
            }
            if (joined.length() > 0) {
                joined.append(File.pathSeparatorChar);
            }
            joined.append(text);
        }
        return joined.toString();
    }
}
