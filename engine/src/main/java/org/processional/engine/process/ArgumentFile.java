// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes command lines of JVMs that the system takes, however long their paths are: the words go into an argument file.
 *
 * <p>That file is deleted before the JVM begins: a shell opens it, deletes it, and becomes the JVM, which reads what is
 * open. So nobody has to remember it, whoever dies when.
 *
 * <p><b>Threads:</b> stateless.
 */
final class ArgumentFile {
    /** Linux takes words of 128 KiB, all together 2 MiB with the environment by default; others take less. */
    private static final int LONGEST_BYTES = 96 << 10;

    private static final String SHELL = "/bin/sh";
    private static final String SCRIPT = "exec 3<\"$1\" && rm -f \"$1\" && shift && exec \"$@\" @/dev/fd/3";

    private final List<String> line;
    private final List<Path> files;

    private ArgumentFile(List<String> line, List<Path> files) {
        this.line = line;
        this.files = files;
    }

    /**
     * A command that does the same as a given one.
     *
     * @param prefix what comes before the JVM, such as {@code setsid}; may be empty
     * @param command the JVM and its words
     * @throws IOException if a file is needed and cannot be written
     */
    static ArgumentFile of(List<String> prefix, List<String> command) throws IOException {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        List<String> line = new ArrayList<>(prefix);
        if (bytes(command, names) < LONGEST_BYTES || !Files.isExecutable(Path.of(SHELL))) {
            line.addAll(command);
            return new ArgumentFile(line, List.of());
        }
        int start = 1 + lastFile(command);
        Path file = Files.createTempFile("processional-", ".arguments"); // for this user alone
        try {
            Files.writeString(file, text(command.subList(start, command.size())), names);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new IOException(
                    "its " + bytes(command, names) + " bytes of arguments cannot be written to " + file + " (" + e
                            + "); make room there, or set -Djava.io.tmpdir",
                    e);
        }
        line.addAll(List.of(SHELL, "-c", SCRIPT, "sh", file.toString()));
        line.addAll(command.subList(0, start));
        return new ArgumentFile(line, List.of(file));
    }

    /** The command line to start. */
    List<String> line() {
        return line;
    }

    /** Deletes the file where the command could not be started. */
    void delete() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static int bytes(List<String> command, Charset names) {
        int bytes = 0;
        for (String word : command) {
            bytes += word.getBytes(names).length + 1 + Long.BYTES; // the end of a word, and a pointer to it
        }
        return bytes;
    }

    /** Where the user's last argument file is, or the program: one file cannot name another. */
    private static int lastFile(List<String> command) {
        for (int i = command.size() - 1; i > 0; i--) {
            if (command.get(i).startsWith("@")) {
                return i;
            }
        }
        return 0;
    }

    /** A word a line, in quotes, with what Java's launcher needs escaped. */
    private static String text(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append('"')
                    .append(word.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n")
                            .replace("\r", "\\r"))
                    .append("\"\n");
        }
        return text.toString();
    }
}
