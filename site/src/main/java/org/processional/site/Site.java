// SPDX-License-Identifier: Apache-2.0
package org.processional.site;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the site: a page of HTML for each page of {@code docs} and those at the top, their images, and the Javadoc of the
 * modules {@code api} and {@code tck}. A link that leads nowhere ends it with a failure.
 *
 * <p><b>Threads:</b> one.
 */
public final class Site {
    private final Path root;
    private final Path out;

    Site(Path root, Path out) {
        this.root = root.toAbsolutePath().normalize();
        this.out = out.toAbsolutePath().normalize();
    }

    /**
     * Makes it.
     *
     * @param args the folder of the project, and where to put the site
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Site site = new Site(Path.of(args[0]), Path.of(args[1]));
        List<String> dead = site.make();
        if (!dead.isEmpty()) {
            throw new IllegalStateException("links that lead nowhere:\n" + String.join("\n", dead));
        }
        site.javadoc();
        System.out.println("the site is in " + site.out);
    }

    /** Writes the pages; gives the links that lead nowhere. */
    List<String> make() throws IOException {
        Files.createDirectories(out);
        List<Page> pages = new ArrayList<>();
        for (Path source : sources()) {
            pages.add(Page.read(root, source));
        }
        Links links = new Links(root, pages);
        for (Page page : pages) {
            Path target = out.resolve(page.target());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.writeString(target, Template.page(page, page.html(links)), StandardCharsets.UTF_8);
        }
        for (String source : links.sources()) {
            writeSource(source);
        }
        copyImages();
        return links.dead();
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** A file that a page links to, as a page; of a folder, the list of what is in it. */
    private void writeSource(String path) throws IOException {
        Path source = root.resolve(path);
        String text;
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.walk(source)) {
                text = files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString())
                        .filter(file -> !file.contains("/target/"))
                        .sorted()
                        .collect(Collectors.joining("\n"));
            }
        } else {
            text = Files.readString(source);
        }
        Path target = out.resolve(Links.sourcePage(path));
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.writeString(target, Template.source(path, text));
    }

    private void copyImages() throws IOException {
        Path images = root.resolve("docs/images");
        if (!Files.isDirectory(images)) {
            return;
        }
        Files.createDirectories(out.resolve("docs/images"));
        try (Stream<Path> files = Files.list(images)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        out.resolve("docs/images").resolve(Objects.requireNonNull(file.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void javadoc() {
        ToolProvider javadoc = ToolProvider.findFirst("javadoc")
                .orElseThrow(() -> new IllegalStateException("no javadoc in this JDK"));
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int result = javadoc.run(
                writer,
                writer,
                "-quiet",
                "-Xdoclint:all,-missing",
                "-d",
                out.resolve("javadoc").toString(),
                "--module-path", // jspecify, and what the kit is made with
                System.getProperty("java.class.path"),
                "--module-source-path",
                "org.processional=" + root.resolve("api/src/main/java"),
                "--module-source-path",
                "org.processional.tck=" + root.resolve("tck/src/main/java"),
                "--module",
                "org.processional,org.processional.tck",
                "-windowtitle",
                "Processional for Java",
                "--source",
                "17");
        if (result != 0) {
            throw new IllegalStateException("javadoc failed:\n" + said);
        }
    }
}
