// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * The user of this process, by the owner of what it owns: the property {@code user.name} can be set to anything.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class OwnUser {
    private OwnUser() {}

    /** With a name, for people. */
    public static UserPrincipal principal() throws IOException {
        return ask(Files::getOwner);
    }

    /** The number of the user. */
    public static int uid() throws IOException {
        return ask(path -> (int) Files.getAttribute(path, "unix:uid"));
    }

    private interface Question<T> {
        T about(Path path) throws IOException;
    }

    private static <T> T ask(Question<T> question) throws IOException {
        Path process = Path.of("/proc/self/task"); // /proc/self is a link, and every link of root's
        if (Files.exists(process)) {
            return question.about(process);
        }
        Path file = Files.createTempFile("processional-", ".owner"); // no /proc: ask who owns what we make
        try {
            return question.about(file);
        } finally {
            Files.delete(file);
        }
    }
}
