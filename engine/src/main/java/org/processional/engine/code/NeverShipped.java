// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

/**
 * Knows the names that no process asks another for: those of the JDK and of Processional itself, of which each process
 * has its own.
 *
 * <p><b>Threads:</b> stateless.
 */
final class NeverShipped {
    private static final String HOME = "org/processional/";
    private static final String[] HOMES = {"spi/", "engine/", "transport/", "codec/", "memory/"};
    private static final String[] JDK = {"java/", "jdk/", "sun/", "META-INF/services/org.processional."};

    private NeverShipped() {}

    /** Says whether a resource, such as {@code java/lang/Object.class}, belongs to the JDK or Processional by its name. */
    static boolean has(String resource) {
        for (String start : JDK) {
            if (resource.startsWith(start)) {
                return true;
            }
        }
        return resource.startsWith(HOME) && isOurs(resource.substring(HOME.length()));
    }

    private static boolean isOurs(String rest) {
        if (rest.indexOf('/') < 0) {
            return true;
        }
        for (String home : HOMES) {
            if (rest.startsWith(home)) {
                return true;
            }
        }
        return false;
    }

    /** Says whether a name is none of a resource: it leads out of the folder, or names a folder. */
    static boolean isNoName(String resource) {
        return resource.isEmpty()
                || resource.startsWith("/")
                || resource.endsWith("/")
                || resource.indexOf('\\') >= 0
                || resource.indexOf('\0') >= 0
                || ("/" + resource + "/").contains("/../");
    }
}
