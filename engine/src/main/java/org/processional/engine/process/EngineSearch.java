// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;

/**
 * Looks whether a path that the options name has the engine on it, without which a JVM is no slave: so that this is told
 * before one is started.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class EngineSearch {
    private static final String MAIN = SlaveMain.class.getName().replace('.', '/') + ".class";
    private static final String MODULE_INFO = "module-info.class";

    /** What is known of jars, as long as they do not change. */
    private static final Map<Seen, Boolean> KNOWN = new ConcurrentHashMap<>();

    private record Seen(Path path, long bytes, FileTime changed) {}

    private EngineSearch() {}

    /**
     * Refuses paths without the engine.
     *
     * @throws SlaveStartException if the engine should be on a path of the options, and is not
     */
    static void require(SlaveOptions options) {
        List<Path> modulePath = options.modulePath();
        boolean isModule = SlaveMain.class.getModule().isNamed();
        boolean inModules = isModule && (modulePath == null || !modulePath.isEmpty());
        List<Path> searched = inModules ? modulePath : options.classPath();
        if (searched != null && !anyHas(searched, inModules)) {
            throw new SlaveStartException("the option " + (inModules ? "modulePath" : "classPath")
                    + " has no jar with the engine of Processional, so no slave can run with it: " + searched
                    + "; add the jars of Processional and its libraries, or leave the option out for the paths of this"
                    + " process");
        }
    }

    private static boolean anyHas(List<Path> path, boolean modules) {
        for (Path entry : path) {
            try {
                if (has(entry, modules)) {
                    return true;
                }
            } catch (IOException e) {
                if (Files.exists(entry)) {
                    return true; // who knows; the JVM itself will say what it does not like
                }
            }
        }
        return false;
    }

    private static boolean has(Path entry, boolean modules) throws IOException {
        @Nullable Path name = entry.getFileName();
        if (name != null && name.toString().equals("*")) {
            return true; // the launcher of Java sees to it
        } else if (!Files.isDirectory(entry)) {
            return jarHas(entry);
        } else if (!modules || Files.exists(entry.resolve(MODULE_INFO))) {
            return Files.exists(entry.resolve(MAIN));
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(entry)) { // a folder of modules
            for (Path module : all) {
                if (Files.isDirectory(module) ? Files.exists(module.resolve(MAIN)) : jarHas(module)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean jarHas(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        Seen seen = new Seen(file.toAbsolutePath(), found.size(), found.lastModifiedTime());
        Boolean known = KNOWN.get(seen);
        if (known == null) {
            try (JarFile jar = new JarFile(file.toFile(), false)) {
                Manifest manifest = jar.getManifest();
                known = jar.getEntry(MAIN) != null
                        || manifest != null && manifest.getMainAttributes().containsKey(Attributes.Name.CLASS_PATH);
            }
            KNOWN.put(seen, known);
        }
        return known;
    }
}
