// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Permissions for nobody but the owner, and what {@code stat} says about files. No enum sets: they make a JVM that starts
 * spin method handles.
 */
final class OwnerOnly {
    private static final Set<PosixFilePermission> READ_WRITE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** 0600, for files that are made. */
    static final FileAttribute<?> FILE = PosixFilePermissions.asFileAttribute(READ_WRITE);

    /** 0700, for directories that are made. */
    static final FileAttribute<?> DIRECTORY = PosixFilePermissions.asFileAttribute(
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET_TYPE = 0140000;
    private static final int OTHERS_MASK = 0077;

    private OwnerOnly() {}

    /** Makes an existing file 0600. */
    static void restrict(Path file) throws IOException {
        Files.setPosixFilePermissions(file, READ_WRITE);
    }

    /** Whether a directory (not a link to one) belongs to this user, and is closed for all others. */
    static boolean isPrivate(Path directory) throws IOException {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && OwnUser.uidOf(directory) == OwnUser.uid()
                && (mode(directory) & OTHERS_MASK) == 0
                && Files.isWritable(directory);
    }

    /** Whether a file (not what a link leads to) is a socket. */
    static boolean isSocket(Path file) throws IOException {
        return (mode(file) & TYPE_MASK) == SOCKET_TYPE;
    }

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }
}
