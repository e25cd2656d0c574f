// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The jar files that are open while one question is answered: each once, and none afterwards.
 *
 * <p><b>Threads:</b> one.
 */
final class OpenJars implements AutoCloseable {
    private final Map<Path, JarFile> jars = new HashMap<>();

    /** Opens an entry by its full name. */
    InputStream open(Path jar, String entry) throws IOException {
        JarFile open = open(jar);
        ZipEntry found = open.getEntry(entry);
        if (found == null) {
            throw new FileNotFoundException("no " + entry + " in " + jar);
        }
        return open.getInputStream(found);
    }

    /** Says whether an entry is a folder, which is found without a slash at its end, too. */
    boolean isFolder(Path jar, String entry) throws IOException {
        ZipEntry found = open(jar).getEntry(entry);
        return found != null && found.isDirectory();
    }

    private JarFile open(Path jar) throws IOException {
        JarFile open = jars.get(jar);
        if (open == null) {
            open = new JarFile(jar.toFile(), false, ZipFile.OPEN_READ); // signatures are the concern of who defines
            jars.put(jar, open);
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (JarFile jar : jars.values()) {
            try {
                jar.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        jars.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
