// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What somebody at a terminal would do: starts programs of this package, and chooses what is on a path. */
final class Programs {
    private Programs() {}

    /** Starts a program in a JVM of its own. */
    static Process start(Class<?> main, String argument) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (main.getModule().isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path")));
            command.addAll(List.of("-m", main.getModule().getName() + "/" + main.getName()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        }
        command.add(argument);
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** The jars and folders of this program's paths, without the one that a class is in. */
    static List<Path> pathWithout(Class<?> type) {
        Path own = Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
        List<Path> path = new ArrayList<>();
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                if (!entry.isEmpty()) {
                    path.addAll(jars(Path.of(entry)));
                }
            }
        }
        path.removeIf(entry -> entry.toAbsolutePath().normalize().equals(own));
        return path;
    }

    /** The jars of a folder, as it may stand on a module path; else the entry itself. */
    private static List<Path> jars(Path entry) {
        try (Stream<Path> files = Files.isDirectory(entry) ? Files.list(entry) : Stream.empty()) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            return jars.isEmpty() ? List.of(entry) : jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
