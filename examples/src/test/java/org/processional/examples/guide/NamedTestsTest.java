// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests that pages name as those that show a thing are there: a renamed one is found. */
class NamedTestsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A class and, if one is meant, a method; an ellipsis is the class named last, or any part of a method's name. */
    private static final Pattern NAME = Pattern.compile("`(\\w+(?:Test|Rules)|…)(?:\\.([\\w…]+))?`");

    private static final Pattern METHOD = Pattern.compile("\\bvoid (\\w+)\\(");

    /** The methods of the tests of all modules, by the names of their classes; some have a namesake. */
    private static final Map<String, Set<String>> TESTS = new HashMap<>();

    @BeforeAll
    static void readTests() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path sources : modules.map(it -> it.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(NamedTestsTest::isTest).toList()) {
                        readTest(file);
                    }
                }
            }
        }
    }

    private static boolean isTest(Path file) {
        return file.getFileName().toString().matches(".*(Test|Rules)\\.java");
    }

    private static void readTest(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".java", "");
        Set<String> methods = TESTS.computeIfAbsent(name, any -> new TreeSet<>());
        Matcher matcher = METHOD.matcher(Files.readString(file));
        while (matcher.find()) {
            methods.add(matcher.group(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits.md", "bad-input.md"})
    void namedTestsAreThere(String page) throws IOException {
        String last = "";
        List<MatchResult> names = NAME.matcher(
                        Files.readString(ROOT.resolve("docs").resolve(page)))
                .results()
                .toList();
        assertThat(names).hasSizeGreaterThan(20);
        for (MatchResult name : names) {
            last = name.group(1).equals("…") ? last : name.group(1);
            assertThat(TESTS).as("a class that %s names", page).containsKey(last);
            if (name.group(2) != null) {
                String methods = name.group(2).replace("…", "\\w*");
                assertThat(TESTS.get(last))
                        .as("a method of %s that %s names", last, page)
                        .anySatisfy(method -> assertThat(method).matches(methods));
            }
        }
    }

    /** In the last column. */
    @Test
    void everyLimitNamesItsTest() throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(ROOT.resolve("docs/limits.md")));
        rows.removeIf(row -> !row.startsWith("| ") || row.startsWith("| what | "));
        assertThat(rows).hasSizeGreaterThan(20).allSatisfy(row -> {
            String[] cells = row.split("\\|");
            assertThat(cells).hasSize(6);
            assertThat(NAME.matcher(cells[5]).find()).isTrue();
        });
    }
}
