// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What works here, what is lost without it, and the completion of shells. */
@Timeout(120)
class DoctorTest {
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute(args);
    }

    @Test
    void nothingIsLostWhereTheTestsRun() {
        assertThat(run("doctor")).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains(" ok   Java ", " ok   RAM disk ", " ok   setsid ", " ok   loopback ", " ok   modules ")
                .containsPattern(" ok   a slave +started over shm and ran a function on Java [0-9]+, in [0-9.]+ s")
                .doesNotContain("LOST");
    }

    @ParameterizedTest
    @CsvSource({
        "ramdisk, LOST, RAM disk, no transport shm, mount -t tmpfs",
        "setsid, LOST, setsid, may outlive, install util-linux",
        "loopback, LOST, loopback, no transport tcp, ip link set lo up",
        "proc, LOST, /proc, are not recognized, mount -t proc",
        "cgroups, note, cgroups, cannot be limited, limit by heap",
        "jnr, note, jnr-unixsocket, cannot be used, --add-modules",
        "archives, note, archives, take longer, processional.archives"
    })
    void whatIsMissingIsNamedWithWhatIsLostAndTheCure(
            String without, String level, String name, String lost, String cure) {
        Machine machine = new Machine(java.util.Set.of(without));
        Finding finding = java.util.stream.Stream.concat(SystemChecks.ALL.stream(), JavaChecks.ALL.stream())
                .filter(check -> check != JavaChecks.ALL.get(JavaChecks.ALL.size() - 1)) // which starts a slave
                .map(check -> check.apply(machine))
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(finding.level().name()).isEqualToIgnoringCase(level);
        assertThat(finding.words()).contains(lost);
        assertThat(finding.cure()).contains(cure);
    }

    @Test
    void whoHasNoHomeHasNoArchives() {
        Finding finding = JavaChecks.archives(new Machine(java.util.Set.of()), Path.of("?/.cache/processional"));
        assertThat(finding.level().name()).isEqualTo("NOTE");
        assertThat(finding.words()).contains("no home");
        assertThat(finding.cure()).contains("XDG_CACHE_HOME");
    }

    @Test
    void whatIsLostDecidesOnTheExitCode() {
        assertThat(run("doctor", "--without=setsid,ramdisk", "--json")).isEqualTo(Doctor.LOST);
        assertThat(out.toString())
                .contains("{\"name\": \"setsid\", \"level\": \"lost\", \"words\": \"not found: ")
                .contains("{\"name\": \"RAM disk\", \"level\": \"lost\", ")
                .contains("{\"name\": \"Java\", \"level\": \"ok\", ")
                .contains("\"cure\": null}");
    }

    @Test
    void bashCompletesCommandsAndOptions(@TempDir Path directory) throws IOException, InterruptedException {
        assertThat(run("completion", "bash")).isZero();
        Path script = Files.writeString(directory.resolve("completion"), out.toString());
        String ask = "source " + script + "; COMP_WORDS=(processional %s); COMP_CWORD=%d; _complete_processional;"
                + " echo \"${COMPREPLY[@]}\"";
        assertThat(bash(String.format(ask, "tran", 1))).isEqualTo("transports");
        assertThat(bash(String.format(ask, "soak --min", 2))).isEqualTo("--minutes");
        assertThat(bash(String.format(ask, "soak --set", 2)))
                .as("a hidden option")
                .isEmpty();
        assertThat(run("completion", "zsh")).isZero();
        assertThat(out.toString()).contains("autoload -U +X bashcompinit");
    }

    private static String bash(String command) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt is for interactive shells
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }
}
