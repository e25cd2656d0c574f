// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Permissions for nobody but this user, with which files and folders are made; none where the file system knows none.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class OwnerOnly {
    private OwnerOnly() {}

    /** Those of a file, 0600. */
    public static FileAttribute<?>[] file(Path place) {
        return permissions(place, "rw-------");
    }

    /** Those of a folder, 0700. */
    public static FileAttribute<?>[] folder(Path place) {
        return permissions(place, "rwx------");
    }

    private static FileAttribute<?>[] permissions(Path place, String permissions) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
