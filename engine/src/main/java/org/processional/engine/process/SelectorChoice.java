// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.processional.SlaveOptions;

/**
 * Spares a slave the search for a provider of selectors: the JDK opens every jar of the class path for it, a millisecond
 * each. The master has searched already, so it tells the slave what it will find.
 *
 * <p><b>Threads:</b> {@code forSlave} from any thread; {@code take} by the main thread of a slave, before all else.
 */
final class SelectorChoice {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final String SERVICE = "META-INF/services/" + PROPERTY;

    /** What is known of jars, and of folders as long as they do not change. */
    private static final Map<Seen, Boolean> KNOWN = new ConcurrentHashMap<>();

    private record Seen(Path path, long bytes, FileTime changed) {}

    private SelectorChoice() {}

    /** The class of the JDK that a slave will take; empty if that is not sure. */
    static String forSlave(SlaveOptions options) {
        boolean sameModules =
                options.modulePath() == null || options.modulePath().isEmpty();
        if (options.javaHome() != null || System.getProperty(PROPERTY) != null || !sameModules) {
            return "";
        }
        Class<?> provider = SelectorProvider.provider().getClass();
        boolean isJdk = provider.getClassLoader() == null;
        List<Path> classPath = options.classPath();
        return isJdk && (classPath == null || !hasService(classPath)) ? provider.getName() : "";
    }

    private static boolean hasService(List<Path> classPath) {
        for (Path entry : classPath) {
            try {
                BasicFileAttributes found = Files.readAttributes(entry, BasicFileAttributes.class);
                if (found.isDirectory() ? Files.exists(entry.resolve(SERVICE)) : jarHasService(entry, found)) {
                    return true;
                }
            } catch (IOException e) {
                if (Files.exists(entry)) {
                    return true; // who knows; a slave that searches is slower, and right
                }
            }
        }
        return false;
    }

    private static boolean jarHasService(Path jar, BasicFileAttributes found) throws IOException {
        Seen seen = new Seen(jar.toAbsolutePath(), found.size(), found.lastModifiedTime());
        Boolean known = KNOWN.get(seen);
        if (known == null) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                known = zip.getEntry(SERVICE) != null;
            }
            KNOWN.put(seen, known);
        }
        return known;
    }

    /** Takes the choice of the master, unless the flags of this slave make another one. */
    static void take(String provider) {
        if (provider.isEmpty() || System.getProperty(PROPERTY) != null) {
            return;
        }
        System.setProperty(PROPERTY, provider);
        try {
            SelectorProvider.provider(); // which keeps it
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
