// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/from-python.md} has all that the original has, and names nothing that is not there. */
class FromPythonTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/from-python.md"));
    }

    /** What stands between backquotes in the first column. */
    private static String originals() throws IOException {
        StringBuilder names = new StringBuilder();
        page().lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> names.append(line.split("\\|", -1)[1]).append('\n'));
        return names.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thread",
                "detach",
                "name",
                "wait",
                "available",
                "complete",
                "timeout",
                "interrupt",
                "terminate",
                "nit",
                "eit",
                "nointerrupt",
                "SlaveThread",
                "current_thread",
                "invoke",
                "schedule",
                "close",
                "step",
                "loop",
                "abort",
                "slave",
                "address",
                "main",
                "SlaveProcess",
                "stop",
                "persist",
                "poll",
                "server",
                "persistent",
                "connect",
                "client",
                "serve",
                "wrap",
                "unwrap",
                "own",
                "export",
                "sharedmemory",
                "filename",
                "-a",
                "-m",
                "-s",
                "-p",
                "-d",
                "-h"
            })
    void noNameIsMissing(String name) throws IOException {
        assertThat(originals()).containsPattern("(?<![\\w-])" + Pattern.quote(name) + "(?!\\w)");
    }

    @Test
    void noCaseIsMissingAndEachNamesATestThatIsThere() throws IOException {
        List<String> cases = List.of("T7", "S5", "P11", "C6", "R9", "M4", "X2"); // the last of each kind
        for (String last : cases) {
            for (int i = 1; i <= Integer.parseInt(last.substring(1)); i++) {
                String row = "| " + last.charAt(0) + i + " |";
                String line = page().lines()
                        .filter(it -> it.startsWith(row))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no row " + row));
                for (MatchResult test :
                        Pattern.compile("`(\\w+Test)`").matcher(line).results().toList()) {
                    assertThat(isThere(test.group(1) + ".java")).as(line).isTrue();
                }
                assertThat(line).contains("Test`");
            }
        }
    }

    private static boolean isThere(String file) throws IOException {
        for (String module : List.of("engine", "it", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test"))) {
                if (files.anyMatch(it -> it.endsWith(file))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void everyMemberThatItNamesExists() throws Exception {
        List<MatchResult> members = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`")
                .matcher(page())
                .results()
                .toList();
        assertThat(members).hasSizeGreaterThan(40);
        for (MatchResult member : members) {
            Class<?> type = Class.forName("org.processional." + member.group(1));
            assertThat(Arrays.stream(type.getMethods()).map(it -> it.getName()))
                    .as(member.group())
                    .contains(member.group(2));
        }
    }
}
