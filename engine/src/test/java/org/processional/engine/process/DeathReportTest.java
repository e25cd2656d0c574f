// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SlaveDeath.Reason;
import org.processional.SlaveDiedException;

class DeathReportTest {
    private static final int KILLED = 128 + 9;
    private static final FileTime START = FileTime.from(Instant.now().minusSeconds(60));

    @TempDir
    Path folder;

    private LeftFiles files(String... flags) {
        return new LeftFiles(List.of(flags), folder, 77, START);
    }

    private SlaveDiedException report(int code, OomKills kills, LeftFiles files) {
        return new DeathReport(
                        "slave (process 77)",
                        77,
                        code,
                        Duration.ofMillis(5),
                        null,
                        kills,
                        files,
                        false,
                        "",
                        null,
                        List.of())
                .exception("");
    }

    private Path counter(String name, int kills) throws IOException {
        return Files.writeString(folder.resolve(name), "low 0\nhigh 1\nmax 7\noom 3\noom_kill " + kills + "\n");
    }

    @Test
    void aKillThatTheKernelCountedIsItsOwn() throws IOException {
        Path events = counter("memory.events", 4);
        OomKills before = OomKills.now(events);
        assertThat(before.haveGrown()).isFalse();
        assertThat(report(KILLED, before, files()))
                .hasMessageContaining("somebody did, or a killer that the count of the kernel's");
        counter("memory.events", 5);
        SlaveDiedException died = report(KILLED, before, files());
        assertThat(died.death().reason()).isEqualTo(Reason.KILLED_BY_SYSTEM);
        assertThat(died)
                .hasMessageContaining("the kernel's out-of-memory killer did, as far as its count tells (oom_kill in "
                        + events + " went from 4 to 5)");
    }

    @Test
    void whereNothingIsCountedBothArePossible() {
        assertThat(report(KILLED, OomKills.now(folder.resolve("missing")), files()))
                .hasMessageContaining("the kernel's out-of-memory killer or somebody did");
        assertThat(OomKills.now(null).haveGrown()).isFalse();
    }

    @Test
    void theLogOfACrashForLackOfMemoryIsReadForThat() throws IOException {
        Path log = folder.resolve("hs_err_pid77.log");
        Files.writeString(log, "#\n# A fatal error has been detected\n#  SIGSEGV (0xb) at pc=0x0\n");
        assertThat(report(134, OomKills.now(null), files()).death().reason()).isEqualTo(Reason.CRASHED);
        Files.writeString(
                log,
                "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n# Native memory"
                        + " allocation (mmap) failed\n");
        SlaveDiedException died = report(1, OomKills.now(null), files());
        assertThat(died.death().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(died.crashLog()).isEqualTo(log.toString());
    }

    @Test
    void filesAreFoundWhereTheFlagsPutThem() throws IOException {
        Path given = Files.writeString(folder.resolve("err-77-%.txt"), "");
        Path dumps = Files.createDirectory(folder.resolve("dumps"));
        Path dump = Files.writeString(dumps.resolve("java_pid77.hprof"), "");
        LeftFiles files = files("-XX:ErrorFile=elsewhere", "-XX:ErrorFile=err-%p-%%.txt", "-XX:HeapDumpPath=" + dumps);
        assertThat(files.crashLog()).isEqualTo(given);
        assertThat(files.heapDump()).isEqualTo(dump);
        assertThat(files().heapDump()).isNull();
        Path here = Files.writeString(folder.resolve("java_pid77.hprof"), "");
        assertThat(files().heapDump()).isEqualTo(here);
    }

    @Test
    void whatAnEarlierProcessLeftIsNotTakenForItsOwn() throws IOException {
        Path log = Files.writeString(folder.resolve("hs_err_pid77.log"), "");
        Files.setLastModifiedTime(log, FileTime.from(START.toInstant().minusSeconds(1)));
        assertThat(files().crashLog()).isNull();
    }

    @Test
    void flagsOfTheEnvironmentCount() {
        List<String> flags = LeftFiles.flags(
                List.of("java", "-Xmx1m"), Map.of("JAVA_TOOL_OPTIONS", " -XX:ErrorFile=a  -Db=c", "OTHER", "-Dx=y"));
        assertThat(flags).containsExactly("java", "-Xmx1m", "-XX:ErrorFile=a", "-Db=c");
    }

    /** A slave that was given a control group of its own is killed there, and not in that of this process. */
    @Test
    void killsAreCountedInTheControlGroupOfTheSlave() throws IOException {
        Path events = counter("memory.events", 1);
        OomKills before = OomKills.of(folder);
        counter("memory.events", 2);
        assertThat(before.haveGrown()).isTrue();
        assertThat(report(KILLED, before, files()))
                .hasMessageContaining("the kernel's out-of-memory killer did")
                .hasMessageContaining(events.toString());
    }
}
