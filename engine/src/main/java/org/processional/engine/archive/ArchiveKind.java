// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a JDK archives class data.
 *
 * <p>Whatever is wrong with an archive, a JVM starts without it; but it says so on its standard output, which belongs to
 * the user: so these reports are off.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum ArchiveKind {
    /** A dynamic archive on top of that of the JDK. */
    APP_CDS(".jsa", "-XX:ArchiveClassesAtExit=", "-Xlog:cds*=off", "-XX:SharedArchiveFile="),

    /** An ahead-of-time cache: linked classes and archived objects. */
    AOT_CACHE(".aot", "-XX:AOTCacheOutput=", "-Xlog:aot*=off,cds*=off", "-XX:AOTCache=");

    private static final int FIRST_JAVA = 17;
    private static final int JAVA_WITH_AOT = 25;

    private final String ending;
    private final String make;
    private final String silent;
    private final String use;

    ArchiveKind(String ending, String make, String silent, String use) {
        this.ending = ending;
        this.make = make;
        this.silent = silent;
        this.use = use;
    }

    /** The best that a version of Java has; null for none, or if the version is not known (0). */
    static @Nullable ArchiveKind of(int feature) {
        if (feature < FIRST_JAVA) {
            return null;
        }
        return feature < JAVA_WITH_AOT ? APP_CDS : AOT_CACHE;
    }

    /** How the names of such files end. */
    String ending() {
        return ending;
    }

    /** The flags of a JVM that writes an archive at its exit. */
    public List<String> making(Path file) {
        return List.of(make + file);
    }

    /** The flags of a JVM that uses an archive. */
    List<String> using(Path file) {
        return List.of(silent, use + file);
    }
}
