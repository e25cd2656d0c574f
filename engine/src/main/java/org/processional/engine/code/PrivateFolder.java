// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * Folders of this user that nobody else can write to: what is in them is run.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class PrivateFolder {
    private PrivateFolder() {}

    /**
     * Makes a folder, unless it is there.
     *
     * @throws IOException if it cannot be made, is another user's, or others can write to it
     */
    public static void make(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(folder, mode);
        require(folder);
    }

    /**
     * Requires that a folder is this user's, and that nobody else can write to it.
     *
     * @throws IOException if it is not, others can, or there is no such folder
     */
    public static void require(Path folder) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes attributes = view.readAttributes();
        requireOwner(folder, attributes.owner(), self());
        for (PosixFilePermission permission : attributes.permissions()) {
            if (permission == PosixFilePermission.GROUP_WRITE || permission == PosixFilePermission.OTHERS_WRITE) {
                throw new IOException("others can write to it; run: chmod 700 " + folder);
            }
        }
    }

    static void requireOwner(Path folder, UserPrincipal owner, UserPrincipal self) throws IOException {
        if (!owner.equals(self)) {
            throw new IOException(folder + " belongs to " + owner.getName() + ", and this process runs as "
                    + self.getName() + "; name a folder of this user");
        }
    }

    /** The user of this process, by the owner of what it owns: the property {@code user.name} can be set to anything. */
    private static UserPrincipal self() throws IOException {
        Path process = Path.of("/proc/self/task"); // /proc/self is a link, and every link of root's
        if (Files.exists(process)) {
            return Files.getOwner(process);
        }
        Path file = Files.createTempFile("processional-", ".owner"); // no /proc: ask who owns what we make
        try {
            return Files.getOwner(file);
        } finally {
            Files.delete(file);
        }
    }
}
