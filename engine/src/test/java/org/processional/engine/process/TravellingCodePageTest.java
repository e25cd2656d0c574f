// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.Processional;

/** The program in {@code docs/travelling-code.md} prints what stands below it. */
@Timeout(60)
class TravellingCodePageTest {
    @TempDir
    Path folder;

    private static String block(String page, String kind) {
        int start = page.indexOf("```" + kind + "\n") + kind.length() + 4;
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void theExampleHasItsRealOutput() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "travelling-code.md"));
        Path source = Files.writeString(folder.resolve("Report.java"), block(page, "java"));
        String path = Path.of(Processional.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-g",
                        "-classpath",
                        path,
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(result).isZero();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Report").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        String once = "\\d+ bytes once"; // the name of the folder is in it
        assertThat(printed.toString(StandardCharsets.UTF_8).replaceAll(once, "N bytes once"))
                .isEqualTo(block(page, "text").replaceAll(once, "N bytes once"));
    }
}
