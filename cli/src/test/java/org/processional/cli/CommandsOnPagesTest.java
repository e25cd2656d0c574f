// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Processional;
import org.processional.Server;

/** The commands that the pages show are understood, and print what {@code docs/cli.md} shows, but for figures. */
@Timeout(120)
class CommandsOnPagesTest extends CommandRuns {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("```[a-z]*\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\$ |bin/|source <\\()processional ([^#)\n]*)", Pattern.MULTILINE);

    private static List<String> blocks(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page))
                .results()
                .map(fence -> fence.group(1))
                .toList();
    }

    /** What the page shows below a command. */
    private static List<String> shown(String command) throws IOException {
        for (String block : blocks(ROOT.resolve("docs/cli.md"))) {
            List<String> lines = block.lines().toList();
            int at = lines.indexOf("$ processional " + command);
            if (at >= 0) {
                return lines.stream()
                        .skip(at + 1)
                        .takeWhile(line -> !line.startsWith("$ "))
                        .toList();
            }
        }
        throw new AssertionError("the page does not show " + command);
    }

    @Test
    void theyAreUnderstood() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> commands = new ArrayList<>();
        for (Path page : pages) {
            for (String block : blocks(page)) {
                for (MatchResult command : COMMAND.matcher(block).results().toList()) {
                    commands.add(command.group(1).strip());
                }
            }
        }
        assertThat(commands).hasSizeGreaterThan(20).contains("completion zsh", "soak --minutes 20");
        for (String command : commands) {
            String[] words = command.replace("'", "").split(" +");
            assertThat(Main.commandLine().parseArgs(words).hasSubcommand())
                    .as(command)
                    .isTrue();
        }
    }

    @Test
    void whatTheDoctorShows() throws IOException {
        List<String> names = Stream.concat(SystemChecks.ALL.stream(), JavaChecks.ALL.stream())
                .limit(SystemChecks.ALL.size() + JavaChecks.ALL.size() - 1L) // the last one starts a slave
                .map(check -> check.apply(new Machine(Set.of())).name())
                .toList();
        List<String> onPage = shown("doctor").stream()
                .filter(line -> !line.contains(" cure: "))
                .map(line -> line.substring(6, 23).strip())
                .toList();
        assertThat(onPage).startsWith(names.toArray(new String[0])).hasSize(names.size() + 1);
        List<String> lost = new ArrayList<>();
        Machine without = new Machine(Set.of("setsid", "ramdisk"));
        for (Finding finding :
                SystemChecks.ALL.stream().map(check -> check.apply(without)).toList()) {
            if (Set.of("RAM disk", "setsid").contains(finding.name())) {
                lost.add(finding.level() + " " + finding.name() + " " + finding.words());
                lost.add("cure: " + finding.cure());
            }
        }
        assertThat(shown("doctor --without setsid,ramdisk"))
                .extracting(line -> line.strip().replaceAll(" {2,}", " "))
                .isEqualTo(lost);
    }

    /** These tests are on the class path; who uses the command is on the module path. */
    @Test
    void theTableOfTransports() throws IOException {
        assertThat(run("transports")).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" {2,}", " ")))
                .containsExactlyElementsOf(shown("transports").stream()
                        .map(line -> line.strip().replaceAll(" {2,}", " "))
                        .map(line -> line.replaceAll("org\\.processional\\.transport\\.\\w+", "(class path)"))
                        .toList());
    }

    @Test
    void theStatusOfAServer() throws IOException {
        try (Server server = Processional.serve(fresh())) {
            assertThat(run("status", server.address())).isZero();
            assertThat(out.toString().lines().map(CommandsOnPagesTest::withoutFigures))
                    .containsExactlyElementsOf(shown("status unix:/tmp/server").stream()
                            .map(CommandsOnPagesTest::withoutFigures)
                            .toList());
            out.getBuffer().setLength(0);
            assertThat(run("status", "--json", server.address())).isZero();
            assertThat(keys(out.toString()))
                    .isEqualTo(keys(shown("status --json unix:/tmp/server").get(0)));
        }
    }

    private static List<String> keys(String json) {
        return Pattern.compile("\"(\\w+)\": ")
                .matcher(json)
                .results()
                .map(key -> key.group(1))
                .toList();
    }

    private static String withoutFigures(String line) {
        return line.replaceAll("\\(.*\\)", "(VERSION)")
                .replaceAll("unix:\\S+", "ADDRESS")
                .replaceAll("[0-9.]+", "N")
                .replaceAll("N m?s$", "TIME");
    }
}
