// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The user of this process, by the owner of what it owns: the property {@code user.name} can be set to anything.
 *
 * <p><b>Threads:</b> from any thread; whoever comes first asks the system.
 */
final class OwnUser {
    private static volatile @Nullable OwnUser known; // written by any thread, always with an equal value

    private final UserPrincipal principal;
    private final int uid;

    private OwnUser(Path owned) throws IOException {
        principal = Files.getOwner(owned, LinkOption.NOFOLLOW_LINKS);
        uid = uidOf(owned);
    }

    static UserPrincipal principal() throws IOException {
        return known().principal;
    }

    static int uid() throws IOException {
        return known().uid;
    }

    /** The number of a file's owner; of the link itself, if it is one. */
    static int uidOf(Path file) throws IOException {
        Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return (Integer) uid;
    }

    /** Whether a user is the superuser, whatever its name is. */
    static boolean isRoot(UserPrincipal user) throws IOException {
        return user.equals(
                Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0"));
    }

    private static OwnUser known() throws IOException {
        OwnUser user = known;
        if (user == null) {
            user = find();
            known = user;
        }
        return user;
    }

    private static OwnUser find() throws IOException {
        Path process = Path.of("/proc/self/task"); // /proc/self is a link, and every link of root's
        if (process.toFile().exists()) {
            return new OwnUser(process);
        }
        Path file = Files.createTempFile("processional", null); // no /proc: ask who owns what we make
        try {
            return new OwnUser(file);
        } finally {
            Files.delete(file);
        }
    }
}
