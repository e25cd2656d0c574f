// SPDX-License-Identifier: Apache-2.0
package org.processional.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A page.
 *
 * <p><b>Threads:</b> immutable, but for the tree of nodes, which the renderer reads.
 *
 * @param path where it is in the project, such as {@code docs/flags.md}
 * @param title its first heading
 * @param tree what it says
 */
record Page(String path, String title, Node tree) {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final Pattern TITLE = Pattern.compile("(?m)^# (.*)$");
    private static final Pattern ANCHOR = Pattern.compile(" id=\"([^\"]+)\"");

    static Page read(Path root, Path file) throws IOException {
        String text = Files.readString(file);
        String path = root.relativize(file).toString().replace('\\', '/');
        String title = TITLE.matcher(text)
                .results()
                .findFirst()
                .map(match -> match.group(1))
                .orElse(path);
        return new Page(path, title, PARSER.parse(text));
    }

    /** Where it is in the site: the README of the project is the front page. */
    String target() {
        return targetOf(path);
    }

    static String targetOf(String path) {
        return path.replaceFirst("README\\.md$", "index.md").replaceFirst("\\.md$", ".html");
    }

    /** How many folders it is below the front page. */
    int depth() {
        return (int) path.chars().filter(c -> c == '/').count();
    }

    String html(Links links) {
        return HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    for (String name : List.of("href", "src")) {
                        attributes.computeIfPresent(name, (key, link) -> links.resolve(this, link));
                    }
                })
                .build()
                .render(tree);
    }

    /** The anchors of its headings. */
    Set<String> anchors() {
        String html = HtmlRenderer.builder().extensions(EXTENSIONS).build().render(tree);
        return ANCHOR.matcher(html)
                .results()
                .map(MatchResult::group)
                .map(Page::idOf)
                .collect(Collectors.toSet());
    }

    private static String idOf(String attribute) {
        return attribute.substring(" id=\"".length(), attribute.length() - 1);
    }
}
