// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slave;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/**
 * Runs the command lines of docs/limits.md, with files of a folder in place of those of the system, and a function of the
 * shell in place of systemd: tests have neither.
 */
@Timeout(120)
class LimitsPageTest {
    @TempDir
    Path folder;

    @Test
    void theCommandLinesMakeAFolderThatASlaveJoins() throws Exception {
        Path scope = Files.createDirectories(folder.resolve("fs/user.slice/run-1.scope"));
        Path self = Files.writeString(folder.resolve("self"), "0::/user.slice/run-1.scope\n");
        String systemd = "systemd-run() { [ \"$*\" = '--user --scope -p Delegate=yes bash' ]; }\n";
        String lines = commands()
                .replace("/sys/fs/cgroup", folder.resolve("fs").toString())
                .replace("/proc/self/cgroup", self.toString());
        Process shell =
                new ProcessBuilder("bash", "-euc", systemd + lines).inheritIO().start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
        assertThat(scope.resolve("master/cgroup.procs")).isNotEmptyFile();
        assertThat(scope.resolve("slaves/memory.max")).hasContent("512M");
        Path members = Files.createFile(scope.resolve("slaves/cgroup.procs")); // the system makes it in a cgroup
        try (SlaveProcess slave =
                slave(SlaveOptions.builder().cgroup(members.getParent()).build())) {
            assertThat(Files.readString(members).strip()).isEqualTo(String.valueOf(slave.pid()));
        }
    }

    private static String commands() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "limits.md"));
        int start = page.indexOf("```sh\n") + "```sh\n".length();
        return page.substring(start, page.indexOf("```", start));
    }
}
