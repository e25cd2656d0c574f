// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the README shows is in the programs. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path SOURCES = Path.of("src", "main", "java", "org", "processional", "examples");

    private static final int LAST = 6;

    @ParameterizedTest
    @CsvSource({
        "0, 1, FirstCall",
        "1, 1, Threads",
        "2, 1, OneSlaveThread",
        "3, 1, OneSlaveProcess",
        "4, 2, TwoProcesses SecondProcess",
        "5, 3, Callback",
        "6, 1, TravellingCode",
    })
    void aBlockIsAPartOfItsProgram(int number, int count, String classes) throws IOException {
        List<String> blocks = blocks(part(page(), number));
        assertThat(blocks).hasSize(count);
        StringBuilder source = new StringBuilder();
        for (String name : classes.split(" ")) {
            source.append(Files.readString(SOURCES.resolve(name + ".java")));
        }
        String program =
                source.toString().replace("args.length > 0 ? client(args[0]) : bareServer()", "client(args[0])");
        for (String block : blocks) {
            assertThat(bare(program)).contains(bare(atAnyAddress(block)));
        }
    }

    @Test
    void noBlockIsBesideTheseParts() throws IOException {
        int count = 0;
        for (int number = 0; number <= LAST; number++) {
            count += blocks(part(page(), number)).size();
        }
        assertThat(blocks(page())).hasSize(count);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "README.md"));
    }

    /** What stands under a number; 0 is the beginning. */
    private static String part(String page, int number) {
        int start = number == 0 ? 0 : page.indexOf("\n**" + number + ". ");
        assertThat(start).isNotNegative();
        int end = number == 0 ? -1 : page.indexOf("\n**", start + 1);
        return page.substring(start, end < 0 ? page.indexOf("\n## ", start) : end);
    }

    private static List<String> blocks(String text) {
        return BLOCK.matcher(text).results().map(block -> block.group(1)).toList();
    }

    /** The programs meet at an address that they are told, and the fourth waits for the other one itself. */
    private static String atAnyAddress(String block) {
        return block.replace("server(\"unix:/tmp/server\")", "server(SlaveOptions.defaults())")
                .replace("client(\"unix:/tmp/server\")", "client(args[0])")
                .replace("waitForTheOtherProgram()", "waitForTheOtherProgram(process)");
    }

    /** The code without comments and annotations, and without the white space that a formatter chooses. */
    private static String bare(String code) {
        return code.replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("//.*|@Override", "")
                .replaceAll("\\s+", "");
    }
}
