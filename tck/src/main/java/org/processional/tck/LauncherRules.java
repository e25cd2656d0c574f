// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Launcher;

/**
 * What holds of every launcher that starts processes on a host with a shell at {@code /bin/sh}: extend it, and say
 * which.
 *
 * <p><b>Threads:</b> JUnit's.
 *
 * @since 0.1
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // who reads a pipe hears no interrupt
@TestMethodOrder(MethodOrderer.MethodName.class)
public abstract class LauncherRules {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    private final List<Process> launched = new CopyOnWriteArrayList<>();

    /** A folder of the rule's own. */
    @TempDir
    public Path folder;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit sets the folder
    protected LauncherRules() {}

    /** The launcher. */
    protected abstract Launcher launcher();

    /** Leaves no process of a rule that failed. */
    @AfterEach
    public void endWhatWasLaunched() {
        launched.forEach(Process::destroyForcibly);
    }

    private Process launch(Launcher.Command command) throws IOException {
        Process process = launcher().launch(command);
        launched.add(process);
        return process;
    }

    private Process shell(String script, Map<String, String> environment) throws IOException {
        return launch(new Launcher.Command(List.of("/bin/sh", "-c", script), environment, folder, false));
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        awaitEnd(process);
        return output;
    }

    private static void awaitEnd(Process process) throws InterruptedException {
        assertThat(process.waitFor(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS))
                .as("the process ends")
                .isTrue();
    }

    /** The program runs, with its arguments as they are, and its exit code is told. */
    @Test
    public void l01_theProgramRuns() throws Exception {
        Launcher.Command command = new Launcher.Command(
                List.of("/bin/sh", "-c", "printf '%s|' \"$@\"; exit 7", "sh", "a b", "", "*", "'\"$X"),
                NO_ENVIRONMENT,
                folder,
                false);
        Process process = launch(command);
        assertThat(output(process)).isEqualTo("a b||*|'\"$X|");
        assertThat(process.exitValue()).isEqualTo(7);
    }

    /** The process id is that of the program. */
    @Test
    public void l02_theIdIsThatOfTheProgram() throws Exception {
        Process process = shell("echo $$", NO_ENVIRONMENT);
        assertThat(output(process).trim()).isEqualTo(String.valueOf(process.pid()));
    }

    /** Standard input is a pipe: the program reads what is written, and sees its end. */
    @Test
    public void l03_standardInputIsAPipe() throws Exception {
        Process process = shell("while read line; do echo got $line; done; echo end", NO_ENVIRONMENT);
        process.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        assertThat(process.isAlive()).isTrue();
        process.getOutputStream().close();
        assertThat(output(process)).isEqualTo("got one\ngot two\nend\n");
    }

    /** Standard error is a pipe of its own. */
    @Test
    public void l04_standardErrorIsAPipeOfItsOwn() throws Exception {
        Process process = shell("echo out; echo err >&2", NO_ENVIRONMENT);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(errors).isEqualTo("err\n");
        assertThat(output(process)).isEqualTo("out\n");
    }

    /** The environment is the one that was given, and nothing of this process's. */
    @Test
    public void l05_theEnvironmentIsExact() throws Exception {
        assertThat(System.getenv("PATH")).as("this process has an environment").isNotNull();
        String listed = output(shell("/usr/bin/env", Map.of("TCK_ONE", "1", "TCK_TWO", "a b")));
        assertThat(listed.lines()
                        .filter(line -> !line.startsWith("_=") && !line.startsWith("PWD="))
                        .filter(line -> !line.startsWith("SHLVL=") && !line.startsWith("OLDPWD=")))
                .as("but for what a shell adds itself")
                .containsExactlyInAnyOrder("TCK_ONE=1", "TCK_TWO=a b");
    }

    /** The working directory is the one that was given. */
    @Test
    public void l06_theWorkingDirectory() throws Exception {
        assertThat(Path.of(output(shell("pwd -P", NO_ENVIRONMENT)).trim())).isEqualTo(folder.toRealPath());
        Process here = launch(new Launcher.Command(List.of("/bin/sh", "-c", "pwd -P"), NO_ENVIRONMENT, null, false));
        assertThat(Path.of(output(here).trim())).isEqualTo(Path.of("").toRealPath());
    }

    /** With inherited output nothing comes through the pipe: the output of the program is that of this process. */
    @Test
    public void l07_inheritedOutputIsNotPiped() throws Exception {
        List<String> line = List.of("/bin/sh", "-c", "there=$(readlink /proc/$$/fd/1); echo $there >&2");
        Process process = launch(new Launcher.Command(line, NO_ENVIRONMENT, folder, true));
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        String output = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        awaitEnd(process);
        Path own = Path.of("/proc/self/fd/1");
        if (Files.isSymbolicLink(own)) { // else this system does not tell
            assertThat(output.strip()).isEqualTo(Files.readSymbolicLink(own).toString());
        }
    }

    /** A program that is not there is an IOException that names it. */
    @Test
    public void l08_aMissingProgramIsAnIoException() {
        String missing = folder.resolve("no-such-program").toString();
        Launcher.Command command = new Launcher.Command(List.of(missing), NO_ENVIRONMENT, folder, false);
        assertThatThrownBy(() -> launcher().launch(command))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program");
    }

    /** A process that is destroyed by force is gone. */
    @Test
    public void l09_aProcessCanBeKilled() throws Exception {
        Process process = shell("while read line; do :; done", NO_ENVIRONMENT);
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
        awaitEnd(process);
        assertThat(process.exitValue()).isEqualTo(137);
    }
}
