// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code bin/processional} in a checkout without sources, with a Maven and a Java that only say that they ran. */
@Timeout(60)
class ScriptTest {
    private static final String JARS = "api engine codec-jboss transport-unix transport-shm transport-tcp examples cli";

    @TempDir
    private Path folder;

    private Path root;
    private final List<Run> runs = new ArrayList<>();

    @BeforeEach
    void makeCheckout() throws IOException {
        root = Files.createDirectories(folder.resolve("a [b] * ?"));
        Files.createDirectories(root.resolve("cli"));
        Files.createFile(root.resolve("pom.xml"));
        Files.createFile(root.resolve("cli/pom.xml"));
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("..", "bin", "processional"), root.resolve("bin/processional"));
        program("jdk/bin/java", "echo started");
        program("jdk/bin/javac", "exit 0");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        program(
                "tools/mvn",
                "echo run >> runs",
                "while [ ! -e go ] && [ -e \"$0\" ]; do sleep 0.05; done",
                "mkdir -p cli/target/app",
                "for name in " + JARS + "; do : > cli/target/app/processional-$name-1.jar; done",
                "[ ! -e broken ]");
    }

    @AfterEach
    void end() throws IOException {
        if (Files.notExists(root.resolve("go"))) {
            letMavenGo();
        }
        for (Run run : runs) {
            run.process.destroyForcibly();
        }
    }

    private void program(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Run(Process process, Path out, Path err) {
        String words() throws IOException {
            return Files.readString(err);
        }

        void end() throws IOException, InterruptedException {
            assertThat(process.waitFor(10, SECONDS)).as(words()).isTrue();
            assertThat(out).as(words()).hasContent("started");
        }
    }

    private Run run() throws IOException {
        Path out = folder.resolve("out" + runs.size());
        Path err = folder.resolve("err" + runs.size());
        ProcessBuilder builder = new ProcessBuilder("bash", "bin/processional", "demo")
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("PATH", folder.resolve("tools") + ":" + System.getenv("PATH"));
        builder.environment().put("CDPATH", root + ":" + folder);
        Run run = new Run(builder.start(), out, err);
        runs.add(run);
        return run;
    }

    private void letMavenGo() throws IOException {
        Files.createFile(root.resolve("go"));
    }

    private List<String> builds() throws IOException {
        Path builds = root.resolve("runs");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    @Test
    void whatIsBuiltStaysInWhateverFolder() throws Exception {
        letMavenGo();
        run().end();
        Run again = run();
        again.end();
        assertThat(again.words()).isEmpty();
        assertThat(builds()).hasSize(1);
        assertThat(root.resolve("cli/target/building")).doesNotExist();
    }

    @Test
    void aSecondRunWaitsForTheFirst() throws Exception {
        Run first = run();
        await().until(() -> !builds().isEmpty());
        Run second = run();
        await().until(() -> second.words().contains("waiting for process " + first.process.pid()));
        letMavenGo();
        first.end();
        second.end();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void whatAKilledRunLeftIsBuiltAgain() throws Exception {
        Run killed = run();
        await().until(() -> !builds().isEmpty());
        killed.process.destroyForcibly().waitFor();
        Run second = run();
        await().until(() -> second.words().contains("waiting for process")); // its Maven goes on
        letMavenGo();
        second.end();
        assertThat(builds()).hasSize(2);
        run().end();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aBuildThatFailsIsNotRun() throws Exception {
        letMavenGo();
        Path broken = Files.createFile(root.resolve("broken"));
        Run failed = run();
        assertThat(failed.process.waitFor(10, SECONDS)).isTrue();
        assertThat(failed.process.exitValue()).isEqualTo(1);
        assertThat(failed.words()).contains("the build failed");
        Files.delete(broken);
        run().end();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void newerBuildFilesAreTold() throws Exception {
        letMavenGo();
        run().end();
        Files.setLastModifiedTime(
                root.resolve("cli/pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        Run again = run();
        again.end();
        assertThat(again.words()).contains("cli/pom.xml is newer than what is built here");
    }
}
