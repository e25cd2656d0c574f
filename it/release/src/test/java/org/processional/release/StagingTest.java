// SPDX-License-Identifier: Apache-2.0
package org.processional.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What is in {@code target/staging} is what a repository wants, but for signatures and developers. */
class StagingTest {
    private static final Path ROOT = Path.of(System.getProperty("processional.root"));
    private static final String VERSION = System.getProperty("processional.version");
    private static final Path STAGING = ROOT.resolve("target/staging/org/processional");
    private static final String HOME = System.getProperty("processional.home");
    private static final String BOM = "processional-bom";

    /** What the BOM lists, and the BOM. */
    static List<String> artifacts() throws Exception {
        List<String> names = new ArrayList<>(managed(parse(ROOT.resolve("bom/pom.xml"))));
        names.add(BOM);
        return names;
    }

    private static List<String> managed(Element bom) {
        List<String> names = new ArrayList<>();
        var all = bom.getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Element one = (Element) all.item(i);
            assertThat(text(one, "version")).isEqualTo(VERSION);
            names.add(text(one, "artifactId"));
        }
        return names;
    }

    private static Element parse(Path pom) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        return document.getDocumentElement();
    }

    /** The text of a child; empty if there is none. */
    private static String text(Element parent, String name) {
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                return child.getTextContent().trim();
            }
        }
        return "";
    }

    private static List<Path> files(String artifact) throws IOException {
        try (Stream<Path> files = Files.list(STAGING.resolve(artifact).resolve(VERSION))) {
            return files.toList();
        }
    }

    private static Path newest(String artifact, String ending) throws IOException {
        return files(artifact).stream()
                .filter(file -> file.getFileName().toString().endsWith(ending))
                .max(Path::compareTo)
                .orElseThrow(() -> new AssertionError(artifact + " has no " + ending));
    }

    @Test
    void theBomListsAllThatIsPublishedAndNothingElse() throws Exception {
        try (Stream<Path> published = Files.list(STAGING)) {
            List<String> names = published
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
            assertThat(names).containsExactlyInAnyOrderElementsOf(artifacts());
        }
    }

    @ParameterizedTest
    @MethodSource("artifacts")
    void filesAreComplete(String artifact) throws Exception {
        List<String> endings = new ArrayList<>(List.of(".pom"));
        if (!artifact.equals(BOM)) {
            endings.addAll(List.of("-sources.jar", "-javadoc.jar"));
            String main = newest(artifact, ".pom").getFileName().toString().replace(".pom", ".jar");
            Path jar = STAGING.resolve(artifact).resolve(VERSION).resolve(main);
            assertThat(jar).isNotEmptyFile();
            try (ZipFile file = new ZipFile(jar.toFile())) {
                assertThat(file.getEntry("META-INF/LICENSE")).isNotNull();
            }
        }
        for (String ending : endings) {
            Path file = newest(artifact, ending);
            assertThat(file).isNotEmptyFile();
            for (String sum : List.of(".md5", ".sha1")) {
                assertThat(file.resolveSibling(file.getFileName() + sum)).isNotEmptyFile();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("artifacts")
    void pomsAreComplete(String artifact) throws Exception {
        Element pom = parse(newest(artifact, ".pom"));
        assertThat(text(pom, "artifactId")).isEqualTo(artifact);
        assertThat(text(pom, "version")).isEqualTo(VERSION);
        for (String needed : List.of("groupId", "name", "description", "url", "licenses", "scm")) {
            assertThat(text(pom, needed)).as(needed).isNotEmpty().doesNotContain("${");
        }
        assertThat(text(pom, "url")).isEqualTo(HOME);
        Element scm = (Element) pom.getElementsByTagName("scm").item(0);
        assertThat(text(scm, "url")).startsWith(HOME + "/");
        assertThat(text(scm, "connection")).startsWith("scm:git:" + HOME + "/");
        assertThat(text(pom, "parent")).isEmpty();
        var dependencies = pom.getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            assertThat(text(dependency, "version")).isNotEmpty().doesNotContain("${");
            assertThat(text(dependency, "scope")).isNotEqualTo("test");
            if (text(dependency, "groupId").equals("org.processional")) {
                assertThat(artifacts()).as("needed by " + artifact).contains(text(dependency, "artifactId"));
            }
        }
    }
}
