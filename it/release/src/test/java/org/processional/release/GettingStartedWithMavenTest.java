// SPDX-License-Identifier: Apache-2.0
package org.processional.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code docs/getting-started.md} in an empty folder, and its command: Maven gets the artifacts from
 * {@code target/staging}, builds the program and runs it. The page's {@code pom.xml} lacks nothing for that but the address of
 * the staging repository.
 */
class GettingStartedWithMavenTest {
    private static final Path ROOT = Path.of(System.getProperty("processional.root"));

    /** Generous: on a new machine, Maven gets its plugins from the network. */
    private static final long LIMIT_SECONDS = 300;

    /** What some Mavens print at their end even where there are no colours. */
    private static final String RESET = "\033[0m";

    private String page = "";

    @TempDir
    Path folder;

    @TempDir
    Path repository;

    @TempDir
    Path output;

    @BeforeEach
    void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/getting-started.md"));
    }

    @Test
    void gettingStartedRunsWithMaven() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("src/main/java"));
        Files.writeString(sources.resolve("Hello.java"), block("```java\n"));
        Files.writeString(folder.resolve("pom.xml"), withStaging(block("```xml\n")));
        showAllButOurs(Path.of(System.getProperty("processional.repository")));

        assertThat(run(block("```sh\n"))).isEqualTo(block("It prints\n\n```\n"));
        assertThat(repository.resolve("org/processional/processional-engine"))
                .as("what was taken from the staging repository")
                .isDirectory();
    }

    /** What stands in the page between this beginning and the end of the block. */
    private String block(String beginning) {
        int start = page.indexOf(beginning);
        assertThat(start).as("the page has %s", beginning).isNotNegative();
        start += beginning.length();
        return page.substring(start, page.indexOf("```", start));
    }

    private static String withStaging(String pom) {
        String repositories = """
                    <repositories>
                        <repository>
                            <id>staging</id>
                            <url>%s</url>
                            <snapshots>
                                <enabled>true</enabled>
                            </snapshots>
                        </repository>
                    </repositories>
                </project>""".formatted(ROOT.resolve("target/staging").toUri());
        assertThat(pom).containsOnlyOnce("</project>");
        return pom.replace("</project>", repositories);
    }

    /**
     * Makes a local repository of links to what is in the user's, except our artifacts: these must come from the staging
     * repository, and what the user has installed of them must stay as it is.
     */
    private void showAllButOurs(Path users) throws IOException {
        link(users, repository, "org");
        link(users.resolve("org"), Files.createDirectory(repository.resolve("org")), "processional");
    }

    private static void link(Path from, Path to, String butNot) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Path name = entry.getFileName();
                if (!name.toString().equals(butNot)) {
                    Files.createSymbolicLink(to.resolve(name), entry);
                }
            }
        }
    }

    /** Runs a command with the Maven and the Java of this build; gives what it printed. */
    private String run(String command) throws Exception {
        Path printed = output.resolve("printed");
        Path errors = output.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile());
        arrange(builder.environment());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String all = Files.readString(printed) + Files.readString(errors);
            assertThat(ended).as("ended within %s s; %s", LIMIT_SECONDS, all).isTrue();
            assertThat(process.exitValue()).as(all).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(printed).replace(RESET, "");
    }

    private void arrange(Map<String, String> environment) {
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.merge("PATH", bin(java) + bin(System.getProperty("maven.home", "")), (old, ours) -> ours + old);
        environment.merge("MAVEN_OPTS", "-Dmaven.repo.local=" + repository, (old, ours) -> old + " " + ours);
    }

    private static String bin(String home) {
        return home.isEmpty() ? "" : Path.of(home, "bin") + File.pathSeparator;
    }
}
