// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveStartException;
import org.processional.engine.archive.Archives;
import org.processional.engine.code.CodeCache;

/**
 * The flags of this JVM that a slave has as well: those that change what code means, and where files are that both look
 * for; never debugger, agents, heap, collector.
 *
 * <p><b>Threads:</b> stateless.
 */
final class InheritedFlags {
    /** A JVM does not start with flags that it does not know: this one is known from Java 24 on. */
    private static final String ILLEGAL_NATIVE = "--illegal-native-access=";

    /** The same; from 23 on, and of use from 24 on. */
    static final String UNSAFE = "--sun-misc-unsafe-memory-access=";

    static final int JAVA_WITH_THESE = 24;

    private static final String ADD_MODULES = "--add-modules=";
    private static final String PATCH_MODULE = "--patch-module=";
    private static final String UPGRADE = "--upgrade-module-path=";

    private static final String[] AS_THEY_ARE = {
        "--enable-preview",
        "--add-opens=",
        "--add-exports=",
        "--add-reads=",
        "--enable-native-access=",
        ILLEGAL_NATIVE,
        UNSAFE,
        "-ea",
        "-da",
        "-esa",
        "-dsa",
        "-enableassertions",
        "-disableassertions",
        "-enablesystemassertions",
        "-disablesystemassertions",
        "-Dfile.encoding=",
        "-Dstdout.encoding=",
        "-Dstderr.encoding=",
        "-Dsun.jnu.encoding=",
        "-Duser.language=",
        "-Duser.country=",
        "-Duser.variant=",
        "-Duser.script=",
        "-Duser.timezone=",
        "-Dprocessional.transport=",
        "-D" + Archives.PROPERTY + "=",
    };

    /** Shared memory, for one, is in the folder of temporary files where there is no RAM disk. */
    private static final String[] FOLDERS = {"-Djava.io.tmpdir=", "-D" + CodeCache.FOLDER_PROPERTY + "="};

    private InheritedFlags() {}

    /**
     * The flags.
     *
     * @param feature the version of Java that runs the slave; 0 if it is not known
     * @param samePaths whether the slave has the module path of this process
     */
    static List<String> of(int feature, boolean samePaths) {
        return of(flagsOfThis(), feature, samePaths);
    }

    /** The same, of a JVM with other flags. */
    static List<String> of(List<String> flags, int feature, boolean samePaths) {
        List<String> line = new ArrayList<>();
        for (String flag : flags) {
            boolean known = feature >= JAVA_WITH_THESE || !flag.startsWith(UNSAFE) && !flag.startsWith(ILLEGAL_NATIVE);
            String inherited = known ? inherited(flag, samePaths) : null;
            if (inherited != null) {
                line.add(inherited);
            }
        }
        return line;
    }

    private static List<String> flagsOfThis() {
        try {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        } catch (LinkageError e) { // of Java 17, in a folder with letters that the locale has not
            throw new SlaveStartException(
                    "the JDK cannot tell with which flags this JVM was started: "
                            + (e.getCause() == null ? e : e.getCause())
                            + "; start it in a folder whose name the locale has the letters for, or in a locale such as"
                            + " LC_ALL=C.UTF-8",
                    e);
        }
    }

    /** A flag as a slave has it; null if it has it not. */
    private static @Nullable String inherited(String flag, boolean samePaths) {
        if (flag.startsWith(ADD_MODULES)) {
            return systemModules(flag.substring(ADD_MODULES.length()));
        } else if (flag.startsWith(PATCH_MODULE)) { // a module with its tests, most often
            int split = flag.indexOf('=', PATCH_MODULE.length()) + 1;
            return samePaths && split > 0 ? withPaths(flag, split) : null;
        } else if (flag.startsWith(UPGRADE)) {
            return samePaths ? withPaths(flag, UPGRADE.length()) : null;
        }
        for (String prefix : FOLDERS) {
            if (flag.startsWith(prefix)) {
                return withFolder(flag, prefix.length());
            }
        }
        for (String prefix : AS_THEY_ARE) {
            if (flag.startsWith(prefix)) {
                return flag;
            }
        }
        return null;
    }

    /** Those of the JDK, which may be incubating; the others are named with the module path. */
    private static @Nullable String systemModules(String names) {
        ModuleFinder system = ModuleFinder.ofSystem();
        List<String> kept = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            boolean jdk = name.startsWith("jdk.") || name.startsWith("java.");
            if (name.equals("ALL-SYSTEM")
                    || name.equals("ALL-DEFAULT")
                    || jdk && system.find(name).isPresent()) {
                kept.add(name);
            }
        }
        return kept.isEmpty() ? null : ADD_MODULES + String.join(",", kept);
    }

    /** A flag that ends with a folder, which is made absolute: a slave may have another working directory. */
    private static String withFolder(String flag, int start) {
        String folder = flag.substring(start);
        return folder.isEmpty()
                ? flag
                : flag.substring(0, start) + Path.of(folder).toAbsolutePath();
    }

    /** A flag that ends with paths, which are made absolute. */
    private static String withPaths(String flag, int start) {
        String paths = flag.substring(start);
        return flag.substring(0, start) + PathText.join(PathText.entries(paths, "path of " + flag.substring(0, start)));
    }
}
