// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.jboss.marshalling.Marshaller;
import org.jboss.marshalling.river.RiverMarshallerFactory;
import org.jboss.marshalling.serial.SerialMarshallerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processional.spi.Codec;

/** A JVM of its own runs an application on the module path that opens nothing and exports nothing. */
@Timeout(120)
class ClosedModuleTest {
    private static final String LOADED_FROM_JBOSS = " org.jboss.marshalling.";

    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() throws URISyntaxException {
        Path sources = Path.of(ClosedModuleTest.class.getResource("/closed-app").toURI());
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-g",
                        "--module-path",
                        path(Codec.class),
                        "-d",
                        folder.toString(),
                        sources.resolve("module-info.java").toString(),
                        sources.resolve("closed/app/Main.java").toString());
        assertThat(result).isZero();
    }

    private static String path(Class<?>... types) throws URISyntaxException {
        List<String> parts = new ArrayList<>();
        for (Class<?> type : types) {
            parts.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(File.pathSeparator, parts);
    }

    private static String run(String codec, String what, boolean modules) throws Exception {
        String path = folder
                + File.pathSeparator
                + path(
                        Codec.class,
                        SessionCodec.class,
                        Marshaller.class,
                        RiverMarshallerFactory.class,
                        SerialMarshallerFactory.class);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-Xlog:class+load:stdout");
        if (modules) {
            command.addAll(List.of("--module-path", path, "--module", "closed.app/closed.app.Main"));
        } else {
            command.addAll(List.of("--class-path", path, "closed.app.Main"));
        }
        command.addAll(List.of(codec, what));
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = read(output);
        assertThat(process.exitValue()).as(withoutLog(printed)).isZero();
        return printed;
    }

    private static String read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }

    private static String withoutLog(String printed) {
        StringBuilder rest = new StringBuilder();
        for (String line : printed.split("\n")) {
            if (!line.startsWith("[")) {
                rest.append(line).append('\n');
            }
        }
        return rest.toString();
    }

    @ParameterizedTest
    @CsvSource({"river,true", "river,false", "serial,true", "serial,false"})
    void commonTasksLoadNoClassOfJBoss(String codec, boolean modules) throws Exception {
        String printed = run(codec, "own", modules);
        assertThat(printed).contains("arrived: abc370000", "done in module " + (modules ? "closed.app" : "null"));
        assertThat(printed).contains(" org.processional.codec.jboss.BodyReader ");
        assertThat(printed).doesNotContain(LOADED_FROM_JBOSS);
    }

    @ParameterizedTest
    @CsvSource({"river", "serial"})
    void everythingElseArrivesFromAClosedModuleToo(String codec) throws Exception {
        String printed = run(codec, "rest", true);
        assertThat(printed).contains("arrived: inner", "refused: ", "done in module closed.app");
        assertThat(printed).contains(LOADED_FROM_JBOSS);
        assertThat(withoutLog(printed)).doesNotContain("WARNING");
    }
}
