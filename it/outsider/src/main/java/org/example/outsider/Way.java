// SPDX-License-Identifier: Apache-2.0
package org.example.outsider;

import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;

/** Runs a function in a slave, and prints where it ran. */
public final class Way {
    private Way() {}

    private record Place(int answer, int java, boolean module, boolean other, boolean asked) implements Serializable {
        @Override
        public String toString() {
            return answer + (module ? " in a module" : "") + (other ? " of another process" : "") + ", Java " + java
                    + (asked ? ", with the module asked for" : "");
        }
    }

    private static Place here(int factor, long master, String asked) {
        return new Place(
                6 * factor,
                Runtime.version().feature(),
                Way.class.getModule().isNamed(),
                ProcessHandle.current().pid() != master,
                ModuleLayer.boot().findModule(asked).isPresent());
    }

    /** Clears a property, once the JVM has found its own files by it. */
    private static void forget(String property) {
        thread(() -> property).await();
        System.clearProperty(property);
    }

    /**
     * Takes {@code NAME=VALUE}: {@code address}, {@code javaHome}, {@code classPath} of one entry, {@code locale} of the
     * slave, {@code module} of the JDK; {@code without} a property of the system.
     */
    public static void main(String[] arguments) {
        SlaveOptions.Builder options = SlaveOptions.builder();
        String module = "none";
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, argument.indexOf('='))) {
                case "address" -> options.address(value);
                case "javaHome" -> options.javaHome(Path.of(value));
                case "classPath" -> options.classPath(List.of(Path.of(value)));
                case "locale" -> options.environment(Map.of("LC_ALL", value));
                case "without" -> forget(value);
                default -> module = value;
            }
        }
        int seven = 7;
        long master = ProcessHandle.current().pid();
        String asked = module;
        try (SlaveProcess slave = slave(options.build())) {
            System.out.println(slave.invoke(() -> here(seven, master, asked)));
        } catch (SlaveStartException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
