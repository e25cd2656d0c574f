// SPDX-License-Identifier: Apache-2.0
package org.processional.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns the links of the sources into those of the site, and notes which lead nowhere.
 *
 * <p><b>Threads:</b> one.
 */
final class Links {
    private final Path root;
    private final Map<String, Set<String>> anchors = new HashMap<>(); // of each page, by its path
    private final List<String> dead = new ArrayList<>();
    private final Set<String> sources = new TreeSet<>(); // files and folders of the project that pages link to

    Links(Path root, List<Page> pages) {
        this.root = root;
        pages.forEach(page -> anchors.put(page.path(), page.anchors()));
    }

    List<String> dead() {
        return dead;
    }

    Set<String> sources() {
        return sources;
    }

    /** Where the site shows a file or folder of the project. */
    static String sourcePage(String path) {
        return "source/" + path + ".html";
    }

    /** The link of a page in the site. */
    String resolve(Page page, String link) {
        if (link.matches("[a-z]+:.*")) {
            return link;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        String anchor = hash < 0 ? "" : link.substring(hash + 1);
        String path = file.isEmpty() ? page.path() : pathFrom(page, file);
        Set<String> known = anchors.get(path);
        if (known == null && anchors.containsKey(path + "/README.md")) { // a folder with a page of its own
            return file + "/index.html";
        }
        if (known == null) {
            return fileOrDead(page, link, path);
        }
        if (!anchor.isEmpty() && !known.contains(anchor)) {
            dead.add(page.path() + ": " + link + " (the page has no such heading)");
        }
        return Page.targetOf(file) + (anchor.isEmpty() ? "" : "#" + anchor);
    }

    private static String pathFrom(Page page, String file) {
        return Path.of("/" + page.path())
                .resolveSibling(file)
                .normalize()
                .toString()
                .replace('\\', '/')
                .substring(1);
    }

    private String fileOrDead(Page page, String link, String path) {
        if (!Files.exists(root.resolve(path))) {
            dead.add(page.path() + ": " + link);
            return link;
        }
        if (path.startsWith("docs/images/")) {
            return link;
        }
        sources.add(path);
        return "../".repeat(page.depth()) + sourcePage(path);
    }
}
