// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code docs/getting-started.md}, copied into an empty folder, make a program that runs: with exactly what the
 * page puts on the path, taken from this build in place of a repository. The page's Gradle file asks for what its Maven file
 * does, and its command is the README's; that Maven runs it is tested where artifacts are staged, in {@code it/release}.
 */
@Timeout(120)
class GettingStartedTest {
    /** What the artifact for all brings, of this build. */
    private static final List<String> OF_ALL =
            List.of("api", "engine", "codec-jboss", "transport-unix", "transport-shm", "transport-tcp");

    private static String page;

    @TempDir
    Path folder;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("..", "docs", "getting-started.md"));
    }

    private static String block(String language) {
        String fence = "```" + language + "\n";
        int start = page.indexOf(fence) + fence.length();
        return page.substring(start, page.indexOf("```", start));
    }

    /** What Maven's file asks for: group, artifact, version. */
    private static Set<String> ofMaven() {
        return found(
                "(?s)<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>"
                        + "\\s*(?:<scope>[^<]+</scope>\\s*)?</dependency>",
                block("xml"));
    }

    private static Set<String> ofGradle() {
        return found("(?:implementation|runtimeOnly)\\(\"([^:]+):([^:]+):([^\"]+)\"\\)", block("kotlin"));
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (MatchResult match :
                Pattern.compile(pattern).matcher(text).results().toList()) {
            found.add(match.group(1) + ":" + match.group(2) + ":" + match.group(3));
        }
        return found;
    }

    @Test
    void gradlesFileAsksForWhatMavensDoes() {
        assertThat(ofGradle()).hasSize(2).isEqualTo(ofMaven());
        String gradle = block("kotlin");
        assertThat(gradle).contains("mainClass = \"Hello\"");
        assertThat(gradle.chars().filter(c -> c == '{').count())
                .isEqualTo(gradle.chars().filter(c -> c == '}').count());
        for (String runtime : found(
                "(?s)<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*"
                        + "<version>([^<]+)</version>\\s*<scope>runtime</scope>",
                block("xml"))) {
            assertThat(gradle).contains("runtimeOnly(\"" + runtime + "\")");
        }
    }

    @Test
    void theVersionIsThatOfThisProject() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        for (String dependency : ofMaven()) {
            String version = dependency.substring(dependency.lastIndexOf(':') + 1);
            assertThat(pom).contains(dependency.startsWith("org.slf4j") ? "<slf4j.version>" + version : version);
        }
    }

    @Test
    void theArtifactForAllBringsWhatIsOnThePath() throws IOException {
        String pom = Files.readString(Path.of("..", "all", "pom.xml"));
        String dependencies = pom.substring(pom.indexOf("<dependencies>"), pom.indexOf("</dependencies>"));
        assertThat(Pattern.compile("<artifactId>processional-([^<]+)</artifactId>")
                        .matcher(dependencies)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(OF_ALL);
    }

    @Test
    void theFilesMakeAProgramThatRuns() throws Exception {
        Path source = Files.createDirectories(folder.resolve("src/main/java")).resolve("Hello.java");
        Files.writeString(source, block("java"));
        String path = pathOf(ofMaven());
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        path,
                        "-d",
                        folder + "/classes",
                        source.toString());
        assertThat(result).isZero();
        assertThat(run("java", "-cp", folder + "/classes" + File.pathSeparator + path, "Hello"))
                .isEqualTo(expected());
    }

    @Test
    void readmeShowsThePagesCommandAndWhatItPrints() throws IOException {
        String command = block("sh");
        assertThat(command).startsWith("mvn ").hasLineCount(1);
        assertThat(Files.readString(Path.of("..", "README.md")))
                .contains("```\n$ " + command + expected() + "```\n")
                .containsOnlyOnce("$ mvn ");
    }

    /** What the page says it prints. */
    private static String expected() {
        String text = page.substring(page.indexOf("It prints"));
        int start = text.indexOf("```\n") + 4;
        return text.substring(start, text.indexOf("```", start));
    }

    private String run(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.set(0, Path.of(System.getProperty("java.home"), "bin", command[0]).toString());
        Process process = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return printed;
    }

    /** Of this test's path, what the dependencies bring: the test's own libraries are left out. */
    private static String pathOf(Set<String> dependencies) {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            boolean own = entry.matches(".*/(all|" + String.join("|", OF_ALL) + ")/target/.*");
            boolean brought =
                    entry.matches(".*/(disruptor|slf4j-api|slf4j-simple|jboss-marshalling|jnr-|jffi|asm)[^/]*\\.jar");
            if (own || brought) {
                path.add(entry);
            }
        }
        assertThat(dependencies).hasSize(2);
        for (String module : OF_ALL) {
            assertThat(path).as(module).anyMatch(entry -> entry.contains("/" + module + "/target/"));
        }
        return String.join(File.pathSeparator, path);
    }
}
