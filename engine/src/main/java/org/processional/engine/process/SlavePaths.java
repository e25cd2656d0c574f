// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;

/**
 * The part of a slave's command line that says where its code is and which class begins: that of this process, however
 * it came by its code, unless the options say otherwise.
 *
 * <ul>
 *   <li>From the application's own paths, or a run-time image: the slave gets the same.
 *   <li>From a module layer that the program made: its modules become the slave's module path.
 *   <li>From another class loader: see {@link ForeignLoader}.
 * </ul>
 *
 * <p><b>Threads:</b> belongs to one thread.
 */
final class SlavePaths {
    private static final String MAIN = SlaveMain.class.getName();
    private static final String CLASS_PATH = "java.class.path";
    private static final String MODULE_PATH = "jdk.module.path";
    private static final String MODULE_INFO = "module-info.class";

    /** The version of class files of a Java is this more than that of the Java. */
    private static final int CLASS_FILE_OFFSET = 44;

    /** Flags with which a slave may have modules that its master has not. */
    private static final String[] CHOOSE_MODULES = {
        "@", "-p", "--module-path", "--add-modules", "--limit-modules", "--add-reads"
    };

    private final SlaveOptions options;
    private final int feature;
    private final Module engine = SlaveMain.class.getModule();
    private final List<ModuleLayer> layers;
    private final boolean ownModulePath; // whether it is that of this process

    private SlavePaths(SlaveOptions options, int feature) {
        this.options = options;
        this.feature = feature;
        this.layers = layersOf(engine);
        this.ownModulePath = options.modulePath() == null;
    }

    /**
     * The last words of the command line.
     *
     * @param feature the version of Java that runs the slave; 0 if it is not known
     * @throws SlaveStartException if a slave cannot have the code
     */
    static List<String> of(SlaveOptions options, int feature) {
        return new SlavePaths(options, feature).words();
    }

    private List<String> words() {
        List<String> line = new ArrayList<>();
        String modulePath = PathText.join(ownModulePath ? modulesOfThis() : orEmpty(options.modulePath()));
        if (!modulePath.isEmpty()) {
            line.add("-p");
            line.add(modulePath);
        }
        String modules = ownModulePath ? applicationModules() : modulePath.isEmpty() ? "" : "ALL-MODULE-PATH";
        if (!modules.isEmpty()) {
            line.add("--add-modules");
            line.add(modules);
        }
        if (ownModulePath) {
            addExports(line);
        }
        boolean isModule = engine.isNamed() && (ownModulePath || !modulePath.isEmpty());
        if (options.classPath() == null && !engine.isNamed() && ForeignLoader.isOfThis()) {
            ForeignLoader.addTo(line, classPathOfThis(), MAIN);
            return line;
        }
        line.add("-cp");
        line.add(PathText.join(options.classPath() == null ? classPathOfThis() : options.classPath()));
        if (isModule) {
            line.add("-m");
            line.add(engine.getName() + "/" + MAIN);
        } else {
            line.add(MAIN);
        }
        return line;
    }

    private static List<Path> orEmpty(@Nullable List<Path> list) {
        return list == null ? List.of() : list;
    }

    private static List<Path> classPathOfThis() {
        return PathText.entries(System.getProperty(CLASS_PATH), "class path");
    }

    // ---- modules

    /** The layers whose modules a slave needs: that of the engine and those below it; the boot layer in any case. */
    private static List<ModuleLayer> layersOf(Module engine) {
        LinkedHashSet<ModuleLayer> found = new LinkedHashSet<>();
        ModuleLayer first = engine.getLayer();
        if (first != null) {
            addLayers(first, found);
        }
        found.add(ModuleLayer.boot());
        return List.copyOf(found);
    }

    private static void addLayers(ModuleLayer layer, Set<ModuleLayer> found) {
        if (layer != ModuleLayer.empty() && found.add(layer)) {
            for (ModuleLayer parent : layer.parents()) {
                addLayers(parent, found);
            }
        }
    }

    /**
     * The module path of this process; without what it has not loaded, for a JVM looks into every jar of it, unless the
     * flags ask for other modules.
     */
    private List<Path> modulesOfThis() {
        List<Path> whole = PathText.entries(System.getProperty(MODULE_PATH), "module path");
        List<Path> used = new ArrayList<>();
        for (ModuleLayer layer : layers) {
            boolean boot = layer == ModuleLayer.boot();
            if (boot && whole.isEmpty()) {
                continue; // what has a file nevertheless was put there by an agent or a patch
            } else if (boot && choosesModules()) {
                used.addAll(whole);
                continue;
            }
            List<Path> files = new ArrayList<>();
            for (ResolvedModule module : layer.configuration().modules()) {
                Path file = fileOf(module);
                if (file != null) {
                    files.add(file);
                    requireReadable(module.name(), file);
                } else if (!boot) {
                    throw new SlaveStartException("module " + module.name() + " of this program's module layer is at "
                            + module.reference().location().map(URI::toString).orElse("no place")
                            + ", which no other JVM can read; give the option modulePath its jar, and those of all"
                            + " other modules that a slave needs");
                }
            }
            files.sort(null);
            used.addAll(files);
        }
        return used;
    }

    private boolean choosesModules() {
        for (String flag : options.flags()) {
            for (String prefix : CHOOSE_MODULES) {
                if (flag.startsWith(prefix)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Path fileOf(ResolvedModule module) {
        URI place = module.reference().location().orElse(null);
        return place != null && "file".equals(place.getScheme()) ? Path.of(place) : null;
    }

    private static boolean isInImage(ResolvedModule module) {
        URI place = module.reference().location().orElse(null);
        return place != null && "jrt".equals(place.getScheme());
    }

    /** A JVM does not start with a module that is compiled for a later one. */
    private void requireReadable(String module, Path file) {
        if (feature == 0 || feature >= Runtime.version().feature()) {
            return;
        }
        try (ZipFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ, Runtime.Version.parse("" + feature))) {
            ZipEntry info = jar.getEntry(MODULE_INFO);
            if (info == null) {
                return;
            }
            try (InputStream in = jar.getInputStream(info)) {
                byte[] head = in.readNBytes(8);
                int needed = ((head[6] & 0xff) << 8 | head[7] & 0xff) - CLASS_FILE_OFFSET;
                if (needed > feature) {
                    throw new SlaveStartException("module " + module + " (" + file + ") is compiled for Java " + needed
                            + ", and the slave is Java " + feature + " of the option javaHome; give the option"
                            + " modulePath modules that both can read, or a later Java");
                }
            }
        } catch (IOException e) {
            return; // a folder of classes; the JVM itself will say what it does not like
        }
    }

    /** The modules of this process that are not of the JDK's own loaders. */
    private String applicationModules() {
        TreeSet<String> names = new TreeSet<>();
        for (ModuleLayer layer : layers) {
            for (ResolvedModule module : layer.configuration().modules()) {
                if (layer != ModuleLayer.boot() || isOfApplication(module)) {
                    names.add(module.name());
                }
            }
        }
        return String.join(",", names);
    }

    private boolean isOfApplication(ResolvedModule resolved) {
        Module module = ModuleLayer.boot().findModule(resolved.name()).orElseThrow();
        boolean application = module.getClassLoader() == ClassLoader.getSystemClassLoader()
                && !module.getName().startsWith("jdk.");
        if (!application || options.javaHome() == null || !isInImage(resolved)) {
            return application;
        }
        if (module == engine) {
            throw new SlaveStartException(
                    "this program is a run-time image (jlink), and the Java of the option javaHome,"
                            + " " + options.javaHome()
                            + ", has none of its modules; leave that option out, or give the option"
                            + " modulePath the jars of all modules that a slave needs");
        }
        return false;
    }

    /** What lets the engine of the slave call interfaces of the user's own modules, in all their packages, for stand-ins. */
    private void addExports(List<String> line) {
        for (ModuleLayer layer : layers) {
            for (Module module : layer.modules()) {
                for (String name : isOfTheUser(module.getDescriptor()) ? module.getPackages() : Set.<String>of()) {
                    if (!module.isExported(name, engine)) {
                        line.add("--add-exports=" + module.getName() + "/" + name + "="
                                + (engine.isNamed() ? engine.getName() : "ALL-UNNAMED"));
                    }
                }
            }
        }
    }

    /** Whether a module uses the api, and provides nothing to it. */
    private static boolean isOfTheUser(ModuleDescriptor descriptor) {
        String api = SlaveOptions.class.getModule().getName();
        return descriptor.requires().stream().anyMatch(needed -> needed.name().equals(api))
                && descriptor.provides().stream()
                        .noneMatch(given -> given.service().startsWith(api + ".spi."));
    }
}
