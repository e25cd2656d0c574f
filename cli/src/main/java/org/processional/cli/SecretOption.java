// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option that names the file with a secret; on the command line itself everybody could read it.
 *
 * <p><b>Threads:</b> main thread only.
 */
final class SecretOption {
    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "A file with the secret that both ends must know.",
                "Left out: none, or that of this user at addresses of tcp."
            })
    private @Nullable Path file;

    /** Gives the secret to options, if there is one. */
    void give(Consumer<String> options) {
        if (file == null) {
            return;
        }
        try {
            options.accept(Files.readString(file).strip());
        } catch (IOException e) {
            throw new CommandException("the secret file " + file + " cannot be read: " + e, e);
        }
    }

    /** The option again, for a command line that this process starts. */
    @Nullable
    String again() {
        return file == null ? null : "--secret-file=" + file.toAbsolutePath();
    }
}
