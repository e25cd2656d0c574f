// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option that names the file with a secret; on the command line itself everybody could read it.
 *
 * <p><b>Threads:</b> main thread only.
 */
final class SecretOption {
    private static final int SHORTEST = 16; // as of the file of the user
    private static final int MOST_BYTES = 4000;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "A file with the secret that both ends must know, which nobody but you can read or change.",
                "Left out: none, or that of this user at addresses of tcp."
            })
    private @Nullable Path file;

    /** Gives the secret to options, if there is one. */
    void give(Consumer<String> options) {
        if (file == null) {
            return;
        }
        try {
            refuseOpen(file);
            options.accept(secret(file));
        } catch (IOException e) {
            throw new CommandException("the secret file " + file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new CommandException("the secret file " + file + " does not hold a secret: " + e.getMessage(), e);
        }
    }

    private static String secret(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1); // it may be a device that never ends
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("it has more than " + MOST_BYTES + " bytes");
            }
            String secret = new String(bytes, StandardCharsets.UTF_8).strip();
            if (secret.length() < SHORTEST) {
                throw new IllegalArgumentException(
                        "it has " + secret.length() + " characters, and others can guess less than " + SHORTEST);
            }
            return secret;
        }
    }

    /** What others can read they may have read; what they can write may be theirs. */
    private static void refuseOpen(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER_"))) {
            throw new IllegalArgumentException("it has the permissions " + PosixFilePermissions.toString(permissions)
                    + ", so that others may have read or changed it; run: chmod 600 " + file);
        }
    }

    /** The option again, for a command line that this process starts. */
    @Nullable
    String again() {
        return file == null ? null : "--secret-file=" + file.toAbsolutePath();
    }
}
