// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/**
 * Every block of code in the pages is a piece of something that tests run. In front of it stands
 *
 * <ul>
 *   <li>{@code <!-- from: FILE -->}: each of its paragraphs stands in that file, line by line, but for white space; a bare
 *       name is that of an example, anything else a path in the repository;
 *   <li>or {@code <!-- tested: CLASS -->}: the test of that name takes the block from the page, whose name it has in a string.
 * </ul>
 *
 * What programs print has the language {@code text}, or none; then it must not look like code.
 */
class PagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> CODE = Set.of("java", "sh", "xml", "kotlin", "groovy", "properties");
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- (from|tested): ([^ ]+) -->\n)?```([a-z]*)\n(.*?)```", Pattern.DOTALL);

    /** Where code ends, not prose: a statement, or the head of a body. */
    private static final Pattern CODE_LINE = Pattern.compile("[;{]\\s*(//.*)?$", Pattern.MULTILINE);

    private static final Pattern STRINGS_AND_COMMENTS = Pattern.compile(
            "\"\"\"(.*?)\"\"\"|\"((?:\\\\.|[^\"\\\\\n])*)\"|'(?:\\\\.|[^'\\\\])+'|//[^\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    private static final Pattern MAVEN = Pattern.compile("mvn (-[^`#\n]*)");

    /** Compared with its programs by ReadmeTest. */
    private static final String README = "README.md";

    /** The pages whose XML is a piece of a build file, and no whole one. */
    private static final Set<String> PIECES = Set.of("docs/packaging.md", "docs/stability.md");

    private record Block(String page, String kind, String where, String language, String text) {}

    /** Those of code. */
    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>(fences());
        blocks.removeIf(block -> block.page().equals(README) || !CODE.contains(block.language()));
        return blocks;
    }

    private static List<Block> fences() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = BLOCK.matcher(Files.readString(page));
            while (matcher.find()) {
                blocks.add(new Block(
                        ROOT.relativize(page).toString(),
                        String.valueOf(matcher.group(1)),
                        String.valueOf(matcher.group(2)),
                        matcher.group(3),
                        matcher.group(4)));
            }
        }
        return blocks;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(files, Stream.of(ROOT.resolve("README.md")))
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyBlockSaysWhereItIsTested() throws IOException {
        assertThat(blocks())
                .hasSizeGreaterThan(30)
                .allSatisfy(block -> assertThat(block.kind())
                        .as("a block without a mark in front of it: <!-- from: FILE --> or <!-- tested: CLASS -->")
                        .isNotEqualTo("null"));
    }

    @Test
    void whatIsFromAFileStandsThere() throws IOException {
        for (Block block : fences()) {
            if (block.kind().equals("from")) {
                String source = bare(Files.readString(file(block.where())));
                for (String paragraph : block.text().split("\n\n")) {
                    assertThat(source)
                            .as("%s has a block that is not in %s:%n%s", block.page(), block.where(), paragraph)
                            .contains(bare(paragraph));
                }
            }
        }
    }

    @Test
    void whatIsTestedIsTestedByATestThatReadsThePage() throws IOException {
        for (Block block : fences()) {
            if (block.kind().equals("tested")) {
                String page = Path.of(block.page()).getFileName().toString();
                assertThat(strings(Files.readString(find(block.where() + ".java"))))
                        .as("the strings of %s, which is to read %s", block.where(), block.page())
                        .anyMatch(string -> string.endsWith(page));
            }
        }
    }

    /** What stands in quotes in a source file, but for that in comments. */
    private static List<String> strings(String source) {
        return STRINGS_AND_COMMENTS
                .matcher(source)
                .results()
                .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void aNameInACommentIsNotInAString() {
        assertThat(
                        strings(
                                "/** \"a.md\" */ x = 'y' + '\"'; // \"b.md\"\n f(\"c/*.md\", \"say \\\"d.md\"); /* \"e.md\" */"))
                .containsExactly("c/*.md", "say \\\"d.md");
    }

    @Test
    void whatLooksLikeCodeSaysItsLanguage() throws IOException {
        for (Block block : fences()) {
            if (block.language().isEmpty()) {
                assertThat(CODE_LINE.matcher(block.text()).results().map(MatchResult::group))
                        .as("%s has a block without a language that looks like code:%n%s", block.page(), block.text())
                        .isEmpty();
            } else {
                assertThat(block.language().equals("text") || CODE.contains(block.language()))
                        .as("%s has a block of %s, which nothing checks", block.page(), block.language())
                        .isTrue();
            }
        }
    }

    @Test
    void blocksOfXmlAreWellFormedAndNameArtifactsThatAreThere() throws Exception {
        String poms = poms();
        assertThat(blocks())
                .filteredOn(block -> block.language().equals("xml"))
                .extracting(Block::page)
                .containsAll(PIECES);
        for (Block block : blocks()) {
            if (block.language().equals("xml")) {
                String whole = "<block>" + block.text() + "</block>";
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(whole)));
                for (MatchResult artifact : Pattern.compile("<artifactId>(processional[a-z-]*)</artifactId>")
                        .matcher(whole)
                        .results()
                        .toList()) {
                    assertThat(poms).as(block.page()).contains("\n    " + artifact.group());
                }
            }
        }
    }

    /** What the modules are: a line of its own in each of their files. */
    private static String poms() throws IOException {
        StringBuilder poms = new StringBuilder();
        try (Stream<Path> folders = Files.list(ROOT)) {
            for (Path pom : folders.map(it -> it.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                poms.append(Files.readString(pom));
            }
        }
        return poms.toString();
    }

    @Test
    void linesOfMavenNameModulesProfilesAndTestsThatAreThere() throws IOException {
        String poms = Files.readString(ROOT.resolve("pom.xml")) + poms();
        int lines = 0;
        List<Path> pages = new ArrayList<>(pages());
        pages.add(ROOT.resolve("CONTRIBUTING.md"));
        for (Path page : pages) {
            for (MatchResult line :
                    MAVEN.matcher(Files.readString(page)).results().toList()) {
                lines++;
                for (String word : line.group(1).split("\\s+")) {
                    String name = word.substring(word.indexOf('=') + 1);
                    if (word.startsWith("-P")) {
                        assertThat(poms).as(line.group()).contains("<id>" + word.substring(2) + "</id>");
                    } else if (word.matches("-D(jcstress\\.)?tests?=.*")) {
                        assertThat(find(name + ".java")).as(line.group()).isRegularFile();
                    }
                }
                Matcher modules = Pattern.compile("-pl (\\S+)").matcher(line.group(1));
                if (modules.find()) {
                    assertThat(modules.group(1).split(","))
                            .as(line.group())
                            .allSatisfy(
                                    module -> assertThat(ROOT.resolve(module).resolve("pom.xml"))
                                            .isRegularFile());
                }
            }
        }
        assertThat(lines).isGreaterThan(10);
    }

    @Test
    void theFiguresOfThePlotAreThoseOfTheTable() throws IOException {
        String table = Files.readString(ROOT.resolve("docs/performance.md"));
        List<MatchResult> figures = Pattern.compile("data-row=\"([^\"]+)\">([0-9.]+)<")
                .matcher(Files.readString(ROOT.resolve("docs/images/invoke.svg")))
                .results()
                .toList();
        assertThat(figures).hasSize(9);
        for (MatchResult figure : figures) {
            assertThat(table).containsPattern("\\| `" + figure.group(1) + "`, µs .*\\| " + figure.group(2) + " \\|");
        }
    }

    @Test
    void theFiguresOfTheTransportsAreThoseOfTheTable() throws IOException {
        String table = Files.readString(ROOT.resolve("docs/performance.md"));
        List<MatchResult> rows = Pattern.compile(
                        "\\| `(process\\.invoke\\.\\w+)` \\| ([0-9.]+) µs \\| ([0-9.]+) µs \\| ([0-9.]+) µs \\|")
                .matcher(Files.readString(ROOT.resolve("docs/transports.md")))
                .results()
                .toList();
        assertThat(rows).hasSize(3);
        for (MatchResult row : rows) {
            assertThat(table)
                    .containsPattern("\\| `" + row.group(1) + "`, µs \\| " + row.group(2) + " \\| " + row.group(3)
                            + " \\| [^|]+ \\| " + row.group(4) + " \\|");
        }
    }

    private static Path file(String name) throws IOException {
        return name.contains("/") ? ROOT.resolve(name) : find(name);
    }

    private static Path find(String name) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module :
                    modules.filter(it -> Files.isDirectory(it.resolve("src"))).toList()) {
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    List<Path> found = files.filter(it -> it.endsWith(name)).toList();
                    if (!found.isEmpty()) {
                        return found.get(0);
                    }
                }
            }
        }
        throw new AssertionError("no file " + name + " in the sources of any module");
    }

    /** The lines without the white space around and within them, with a mark at their ends. */
    private static String bare(String text) {
        return text.lines()
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("/**"))
                .collect(Collectors.joining("\n", "\n", "\n"));
    }
}
