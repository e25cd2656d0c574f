// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Folders that nobody else can write to: what is in them is run.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class PrivateFolder {
    private PrivateFolder() {}

    /**
     * Makes a folder, unless it is there.
     *
     * @throws IOException if it cannot be made, or others can write to it
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
     * Requires that nobody else can write to a folder.
     *
     * @throws IOException if others can, or there is no such folder
     */
    public static void require(Path folder) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        for (PosixFilePermission permission : view.readAttributes().permissions()) {
            if (permission == PosixFilePermission.GROUP_WRITE || permission == PosixFilePermission.OTHERS_WRITE) {
                throw new IOException("others can write to it; run: chmod 700 " + folder);
            }
        }
    }
}
