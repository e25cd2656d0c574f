// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import org.processional.engine.OwnUser;
import org.processional.engine.OwnerOnly;

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
        Files.createDirectories(folder, OwnerOnly.folder(folder));
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
        requireOwner(folder, attributes.owner(), OwnUser.principal());
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
}
