// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.processional.SharedMemoryException;
import org.processional.engine.OwnUser;

/**
 * Opens files of this user that nobody else can use. They lie in a folder that all can write to: what has the name of one
 * may be a link to something else, or a file that another user reads, changes and cuts short.
 *
 * <p><b>Threads:</b> any.
 */
final class OwnFile {
    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int OTHERS_MASK = 0077;

    private static volatile int uid = -1; // of this process; written by who asks first

    private OwnFile() {}

    private static int self() throws IOException {
        int known = uid;
        if (known < 0) {
            known = OwnUser.uid();
            uid = known;
        }
        return known;
    }

    /**
     * Opens one for reading and writing.
     *
     * @throws NoSuchFileException if there is none, or it was replaced meanwhile
     * @throws SharedMemoryException if it is something else
     */
    static FileChannel open(Path path) throws IOException {
        Object key = require(path);
        FileChannel channel = FileChannel.open(path, OPTIONS);
        boolean same = false;
        try {
            same = key.equals(require(path)); // what is this user's, no other can take away
        } finally {
            if (!same) {
                channel.close();
            }
        }
        if (!same) {
            throw new NoSuchFileException(path.toString());
        }
        return channel;
    }

    /** What tells a file of this user from others that have had its name. */
    static Object require(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return path;
        }
        Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,dev,ino", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Objects.requireNonNull(found.get("mode"));
        int owner = (int) Objects.requireNonNull(found.get("uid"));
        if ((mode & TYPE_MASK) != REGULAR || owner != self() || (mode & OTHERS_MASK) != 0) {
            throw new SharedMemoryException(path + " is no file of this user alone, which shared memory is: it is"
                    + " another user's, open to others, or a link; remove it, or have it removed");
        }
        return found.get("dev") + ":" + found.get("ino");
    }
}
