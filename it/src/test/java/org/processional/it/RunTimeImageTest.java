// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run-time image of jlink with the program, the engine and the transports; the codec and JBoss Marshalling, which is
 * no module, are beside it. Only with {@code -Pfull}: linking takes seconds.
 */
@Timeout(180)
class RunTimeImageTest {
    private static final String MODULAR = "org.example.outsider/org.example.outsider.Way";
    private static final String IN_MODULE =
            "42 in a module of another process, Java " + Runtime.version().feature() + "\n";

    /** What no image can hold: automatic modules, and who requires them. */
    private static final List<String> BESIDE = List.of("codec-jboss", "jboss-marshalling");

    /** Optional, and automatic modules as well. */
    private static final List<String> LEFT_OUT = List.of("jnr-", "jffi", "asm-");

    @TempDir
    private Path folder;

    private static boolean isOneOf(Path jar, List<String> names) {
        return names.stream().anyMatch(name -> Jars.isOf(jar, name));
    }

    private static List<Path> linked() throws IOException {
        List<Path> jars = new ArrayList<>(Jars.all());
        jars.removeIf(jar -> isOneOf(jar, BESIDE) || isOneOf(jar, LEFT_OUT));
        return jars;
    }

    private static String path(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String link(String path, String modules, Path image) {
        StringWriter words = new StringWriter();
        PrintWriter out = new PrintWriter(words);
        List<String> line = new ArrayList<>(List.of("--add-modules", modules, "--output", image.toString()));
        line.addAll(List.of("--strip-debug", "--no-header-files", "--no-man-pages"));
        if (!path.isEmpty()) {
            line.addAll(List.of("--module-path", path));
        }
        ToolProvider.findFirst("jlink").orElseThrow().run(out, out, line.toArray(new String[0]));
        out.flush();
        return words.toString();
    }

    /** What the page links, in the line that begins so. */
    private static String modulesOfPage(String beginning) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("..", "docs", "packaging.md"))) {
            return lines.filter(line -> line.startsWith(beginning) && line.endsWith(" --output image"))
                    .map(line -> line.substring(beginning.length(), line.lastIndexOf(" --output")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    @Tag(Rounds.FULL_TAG)
    void slavesOfAnImage() throws Exception {
        Path image = folder.resolve("image");
        String modules = modulesOfPage("jlink --module-path app --add-modules com.acme.app,");
        modules += ",org.example.outsider,org.slf4j.simple"; // that is com.acme.app, and where it logs to
        assertThat(link(path(linked()), modules, image)).isEmpty();

        Program.End without = new Program(image).run(List.of("-m", MODULAR));
        assertThat(without.err()).contains("no codec on the module path or class path");

        List<Path> beside = new ArrayList<>(Jars.all());
        beside.removeIf(jar -> !isOneOf(jar, BESIDE));
        String codec = path(beside);
        assertThat(new Program(image).out(List.of("-p", codec, "-m", MODULAR))).isEqualTo(IN_MODULE);

        String other = "javaHome=" + System.getProperty("java.home");
        assertThat(new Program(image).out(List.of("-p", codec, "-m", MODULAR, other)))
                .startsWith("refused: this program is a run-time image (jlink), and the Java of the option javaHome");

        Path impossible = folder.resolve("impossible");
        List<Path> withCodec = new ArrayList<>(linked());
        withCodec.addAll(beside);
        assertThat(link(path(withCodec), "org.processional.codec.jboss", impossible))
                .contains("automatic module cannot be used with jlink: org.jboss.marshalling");
    }

    /** The JDK's modules alone in an image, and everything else on its module path: that holds every jar. */
    @Test
    @Tag(Rounds.FULL_TAG)
    void imageOfTheJdkAlone() throws Exception {
        Path image = folder.resolve("jdk");
        assertThat(link("", modulesOfPage("jlink --add-modules "), image)).isEmpty();
        String jars = path(Jars.all());
        assertThat(new Program(image).out(List.of("-p", jars, "-m", MODULAR))).isEqualTo(IN_MODULE);
        assertThat(new Program(image).out(List.of("-cp", jars, "org.example.outsider.Way")))
                .isEqualTo(IN_MODULE.replace(" in a module", ""));
    }
}
