// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A JVM that runs a main class of this module, as the other end of a floor, a limit or a peer. It ends by itself when
 * its standard input or its socket ends, so when this JVM dies.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class ChildJvm implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    /** What some peers need so as not to warn, or at all. */
    private static final List<String> FLAGS = Runtime.version().feature() >= 24
            ? List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
            : List.of();

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /** Starts what a peer needs, with all of the class path. */
    static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return startWith(List.of(), main, arguments);
    }

    /** Starts one without any flag, and with the class path that slaves have: what they are compared with. */
    static ChildJvm startBare(Class<?> main, String... arguments) throws IOException {
        String path = Pair.path().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return start(List.of(), path, main, arguments);
    }

    /** Starts it with flags of its own. */
    static ChildJvm startWith(List<String> flags, Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(FLAGS);
        all.addAll(flags);
        return start(all, property("java.class.path"), main, arguments);
    }

    private static ChildJvm start(List<String> flags, String path, Class<?> main, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(flags);
        line.addAll(List.of("-cp", path, main.getName()));
        line.addAll(Arrays.asList(arguments));
        return new ChildJvm(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static String property(String name) {
        String path = System.getProperty(name);
        if (path == null || path.isEmpty()) {
            throw new IllegalStateException("no " + name + "; run the benches with a path of jars or folders"
                    + " (entries separated by " + File.pathSeparator + ")");
        }
        return path;
    }

    long pid() {
        return process.pid();
    }

    /** What it writes to its standard output. */
    InputStream output() {
        return process.getInputStream();
    }

    /** The next line that it writes there. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next;
        while ((next = output().read()) != '\n') {
            if (next < 0) {
                throw new IOException("the child JVM ended at its start");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly(); // its standard input could not be ended
        }
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
