// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.ClientOptions;
import org.processional.Limits;
import org.processional.ServeOptions;
import org.processional.SlaveOptions;
import org.processional.SlaveThreadOptions;
import org.processional.TaskOptions;
import org.processional.ThreadOptions;

/** The page on options names all that there are. */
class FlagsPageTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    private static Set<String> settable(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> method.getReturnType() == builder)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names in the first column of the table of {@code SlaveOptions}. */
    @Test
    void allOfSlaves() throws IOException {
        String page = Files.readString(DOCS.resolve("flags.md"));
        String table = page.substring(page.indexOf("`SlaveOptions`, for"), page.indexOf("| record | option |"));
        Set<String> named = new TreeSet<>();
        table.lines().filter(line -> line.startsWith("| `")).forEach(line -> addNames(line.split("\\|")[1], named));
        assertThat(named).isEqualTo(settable(SlaveOptions.Builder.class));
    }

    /** The names in the second column, from the line of the record to the next one's. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                ClientOptions.Builder.class,
                ServeOptions.Builder.class,
                SlaveThreadOptions.Builder.class,
                ThreadOptions.Builder.class,
                TaskOptions.Builder.class
            })
    void allOfOthers(Class<?> builder) throws IOException {
        String record = "| `" + builder.getEnclosingClass().getSimpleName() + "` |";
        Set<String> named = new TreeSet<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCS.resolve("flags.md"))) {
            inside = line.startsWith(record) || inside && line.startsWith("| | ");
            if (inside) {
                addNames(line.split("\\|")[2], named);
            }
        }
        assertThat(named).isEqualTo(settable(builder));
    }

    @Test
    void allLimits() throws IOException {
        String page = Files.readString(DOCS.resolve("limits.md"));
        assertThat(settable(Limits.Builder.class))
                .isNotEmpty()
                .allSatisfy(limit -> assertThat(page).contains("`Limits." + limit + "`"));
    }

    private static void addNames(String cell, Set<String> names) {
        NAME.matcher(cell).results().map((MatchResult name) -> name.group(1)).forEach(names::add);
    }
}
