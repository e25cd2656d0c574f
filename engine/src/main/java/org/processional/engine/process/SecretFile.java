// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.engine.OwnerOnly;
import org.processional.spi.Address;
import org.processional.spi.NetworkTransport;

/**
 * The file with the secret of a user, which the processes of that user share where strangers can connect: named by the
 * option {@value NetworkTransport#SECRET_FILE} of the address, by default {@code processional/secret} in the user's
 * configuration folder ({@code $XDG_CONFIG_HOME} or {@code ~/.config}).
 *
 * <p>It is made on first use, readable by its owner alone. A file that others can read is refused: they may have read it.
 *
 * <p><b>Threads:</b> immutable; of several processes that make the file at once, all get the secret of the first.
 */
record SecretFile(Path path) {
    private static final int SECRET_BYTES = 32;
    private static final int SHORTEST = 16;
    private static final int LONGEST = 1000;
    private static final int LONGEST_BYTES = 4 * LONGEST;

    /**
     * The file for an address.
     *
     * @throws ConnectionException if it names none, and there is no folder of this user's configuration
     */
    static SecretFile of(Address address) {
        String named = address.options().get(NetworkTransport.SECRET_FILE);
        return new SecretFile(
                named != null
                        ? Path.of(named)
                        : folder(System.getenv("XDG_CONFIG_HOME"), System.getProperty("user.home", ""))
                                .resolve("processional")
                                .resolve("secret"));
    }

    static Path folder(@Nullable String configured, String home) {
        if (configured != null && configured.startsWith("/")) {
            return Path.of(configured);
        }
        if (!Path.of(home).isAbsolute()) { // "?", of a user whom the system does not know
            throw new ConnectionException("no folder for the secret file: this user has no home (user.home is \"" + home
                    + "\"); set XDG_CONFIG_HOME, name a file with ?" + NetworkTransport.SECRET_FILE
                    + "=PATH in the address, or give the option secret on both sides");
        }
        return Path.of(home, ".config");
    }

    /**
     * The secret; makes the file if there is none.
     *
     * @throws ConnectionException if it cannot be read or made, others can read it, or it holds no secret
     */
    String read() {
        boolean interrupted = Thread.interrupted(); // with the flag set, files would be closed
        try {
            try {
                return check();
            } catch (NoSuchFileException e) {
                make();
                return check();
            }
        } catch (IOException e) {
            throw new ConnectionException(
                    "the secret file " + path + " can neither be read nor made (" + e
                            + "); name another with ?" + NetworkTransport.SECRET_FILE
                            + "=PATH in the address, or give the option secret on both sides",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String check() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            for (PosixFilePermission permission : permissions) {
                if (!permission.name().startsWith("OWNER_")) {
                    throw new ConnectionException("the secret file " + path + " has the permissions "
                            + PosixFilePermissions.toString(permissions)
                            + ", so that others may have read or changed it;"
                            + " delete it, so that a new one is made, or run: chmod 600 " + path);
                }
            }
        }
        if (Files.size(path) > LONGEST_BYTES) {
            throw unfit();
        }
        String secret = Files.readString(path, StandardCharsets.UTF_8).strip();
        if (secret.length() < SHORTEST || secret.length() > LONGEST) {
            throw unfit();
        }
        return secret;
    }

    private ConnectionException unfit() {
        return new ConnectionException("the secret file " + path + " does not hold " + SHORTEST + " to " + LONGEST
                + " characters; delete it, so that a new one is made, or write a random secret into it");
    }

    /** Writes beside it and links it into place: it is never there half, and who comes second finds that of the first. */
    private void make() throws IOException {
        Path absolute = path.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        Files.createDirectories(folder, OwnerOnly.folder(folder));
        byte[] random = new byte[SECRET_BYTES];
        SecureRandom source = new SecureRandom(); // never the one that tests give a seed
        source.nextBytes(random);
        Path fresh = folder.resolve("." + absolute.getFileName() + "." + Long.toHexString(source.nextLong()));
        Files.createFile(fresh, OwnerOnly.file(folder));
        try {
            Files.writeString(fresh, HexFormat.of().formatHex(random) + "\n", StandardCharsets.US_ASCII);
            Files.createLink(absolute, fresh);
        } catch (FileAlreadyExistsException e) {
            // somebody else was first, and that secret holds
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
