// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a program of this package in a JVM of its own, as somebody at a terminal would. */
final class Programs {
    private Programs() {}

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
}
