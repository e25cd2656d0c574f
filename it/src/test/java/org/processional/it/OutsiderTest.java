// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same program on the module path and on the class path. */
@Timeout(60)
class OutsiderTest {
    private static final String LIBRARIES = System.getProperty("processional.modulepath");
    private static final String MAIN = "org.example.outsider.Outsider";

    private static String run(String... arguments) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            line.add("--sun-misc-unsafe-memory-access=allow"); // JBoss Marshalling; else a warning in the output
        }
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static String lines(boolean modules) {
        return String.join(
                        "\n",
                        "module " + modules,
                        "thread 1",
                        "slave thread 2",
                        "live [1, 2, 3]",
                        "record Point[x=4, y=3]",
                        "enum 1",
                        "proxy Point[x=3, y=4]",
                        "module there " + modules,
                        "exception at Point[x=3, y=4]",
                        "own interface hello",
                        "exported with a lookup hello",
                        "exported without " + (modules ? "says: give export() a MethodHandles.lookup()" : "hello"),
                        "in a JVM of one's own "
                                + (modules
                                        ? "needs --add-exports org.example.outsider/org.example.outsider=org.processional.engine"
                                        : "hello"))
                + "\n";
    }

    @Test
    void onTheModulePath() throws Exception {
        assertThat(run("-p", LIBRARIES, "-m", "org.example.outsider/" + MAIN)).isEqualTo(lines(true));
    }

    @Test
    void onTheClassPath() throws Exception {
        assertThat(run("-cp", LIBRARIES + "/*", MAIN)).isEqualTo(lines(false));
    }

    /** The transport of another stranger is on the path, and takes a word to be used. */
    @Test
    void overAStrangersTransport() throws Exception {
        String choice = "-Dprocessional.transport=blocking";
        String modules = run(choice, "-p", LIBRARIES, "-m", "org.example.outsider/" + MAIN);
        assertThat(modules).isEqualTo(lines(true));
        String jars = run(choice, "-cp", LIBRARIES + "/*", MAIN);
        assertThat(jars).isEqualTo(lines(false));
    }
}
