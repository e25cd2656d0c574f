// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a resource of this process is: a file, an entry of a jar file, or something that only its URL can open.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param file the file, or the jar file in which it is; null if there is none
 * @param entry the name within the jar file; null if it is the file itself
 */
record Place(URL url, @Nullable Path file, @Nullable String entry) {
    private static final String IN_JAR = "!/";
    private static final String VERSIONS = "META-INF/versions/";

    /** The place behind a URL; null if it is a folder. */
    static @Nullable Place of(URL url) {
        if ("file".equals(url.getProtocol())) {
            Path file = path(url.toExternalForm());
            return file != null && Files.isRegularFile(file) ? new Place(url, file, null) : null;
        }
        String inner = url.getPath();
        int split = inner.indexOf(IN_JAR);
        if ("jar".equals(url.getProtocol()) && inner.startsWith("file:") && split == inner.lastIndexOf(IN_JAR)) {
            Path jar = split < 0 ? null : path(inner.substring(0, split));
            if (jar != null) {
                return new Place(url, jar, decoded(inner.substring(split + IN_JAR.length())));
            }
        }
        return new Place(url, null, null);
    }

    private static @Nullable Path path(String url) {
        try {
            return Path.of(new URI(url));
        } catch (URISyntaxException
                | IllegalArgumentException
                | FileSystemNotFoundException e) { // not of a file of this machine
            return null;
        }
    }

    private static String decoded(String part) {
        try {
            return new URI("file:///" + part).getPath().substring(1);
        } catch (URISyntaxException e) { // of a loader that does not encode
            return part;
        }
    }

    /** Says whether it is a part of the JDK, where the platform's loader does not tell so: jdk.compiler and others. */
    boolean isJdk() {
        String path = url.getPath();
        return "jrt".equals(url.getProtocol()) && (path.startsWith("/java.") || path.startsWith("/jdk."));
    }

    /** The jar file that, shipped as a whole, has a resource of this name; null if there is none up to a size. */
    @Nullable
    Path wholeJar(String name, long limitBytes) throws IOException {
        if (file == null || entry == null) {
            return null;
        }
        boolean named = entry.equals(name) || entry.startsWith(VERSIONS) && entry.endsWith("/" + name);
        return named && Files.size(file) <= limitBytes ? file : null;
    }

    /** The file, if it is one by itself; null if it is within something else. */
    @Nullable
    Path plainFile() {
        return entry == null ? file : null;
    }

    /** Says whether it is a folder of a jar file. */
    boolean isFolder(OpenJars jars) throws IOException {
        return file != null && entry != null && jars.isFolder(file, entry);
    }

    /** Opens it; not through a channel, which an interrupt would close. */
    InputStream open(OpenJars jars) throws IOException {
        if (file == null) {
            return url.openStream();
        }
        return entry == null ? new FileInputStream(file.toFile()) : jars.open(file, entry);
    }

    /** The place of a file. */
    static Place of(Path file) throws IOException {
        return new Place(file.toUri().toURL(), file, null);
    }
}
