// SPDX-License-Identifier: Apache-2.0
package org.processional.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    @TempDir
    Path root;

    @BeforeEach
    void pages() throws IOException {
        Files.createDirectories(root.resolve("docs/decisions"));
        Files.writeString(
                root.resolve("README.md"), "# Top\n\n[flags](docs/flags.md#two-words) [all](docs/decisions)\n");
        Files.writeString(
                root.resolve("docs/flags.md"), "# Flags\n\n## Two words\n\n| a |\n|---|\n| b |\n\n[pom](../pom.xml)\n");
        Files.writeString(
                root.resolve("docs/decisions/README.md"), "# All\n\n[up](../../README.md) [web](https://a.b/c)\n");
        Files.writeString(root.resolve("pom.xml"), "<project/>");
    }

    @Test
    void linksOfPagesAreThoseOfTheSite() throws IOException {
        Path out = root.resolve("out");
        assertThat(new Site(root, out).make()).isEmpty();
        assertThat(out.resolve("index.html"))
                .content()
                .contains("href=\"docs/flags.html#two-words\"", "href=\"docs/decisions/index.html\"", "<title>Top<");
        assertThat(out.resolve("docs/flags.html"))
                .content()
                .contains("<h2 id=\"two-words\">", "<div class=\"table\">", "href=\"../source/pom.xml.html\"");
        assertThat(out.resolve("source/pom.xml.html")).content().contains("&lt;project/>");
        assertThat(out.resolve("docs/decisions/index.html"))
                .content()
                .contains("href=\"../../index.html\"", "href=\"https://a.b/c\"");
    }

    @Test
    void linksThatLeadNowhereAreTold() throws IOException {
        Files.writeString(
                root.resolve("docs/bad.md"), "# Bad\n\n[a](none.md) [b](flags.md#none) [c](#bad) [d](#none)\n");
        assertThat(new Site(root, root.resolve("out")).make())
                .containsExactly(
                        "docs/bad.md: none.md",
                        "docs/bad.md: flags.md#none (the page has no such heading)",
                        "docs/bad.md: #none (the page has no such heading)");
    }
}
