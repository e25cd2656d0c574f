// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * Finds the classes that a body names: with the loader that was given, then with the loader of this module (which sees
 * the engine's own exceptions), then with the platform's.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Loading {
    private static final Class<?>[] PRIMITIVES = {
        boolean.class, byte.class, short.class, char.class, int.class, long.class, float.class, double.class, void.class
    };

    private Loading() {}

    /**
     * Finds a class without initializing it.
     *
     * @param name as {@link Class#getName()} gives it, of primitives and arrays too
     * @param loader is asked first
     * @throws ClassNotFoundException if nobody has it
     */
    static Class<?> find(String name, ClassLoader loader) throws ClassNotFoundException {
        Class<?> primitive = primitive(name);
        if (primitive != null) {
            return primitive;
        }
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            ClassLoader own = Loading.class.getClassLoader();
            if (own != loader) {
                try {
                    return Class.forName(name, false, own);
                } catch (ClassNotFoundException ignored) {
                    // the first failure is the one to report
                }
            }
            try {
                return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
            } catch (ClassNotFoundException ignored) {
                throw e;
            }
        }
    }

    /** As {@link #find}, with an error for users. */
    static Class<?> load(String name, ClassLoader loader) {
        try {
            return find(name, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw missing(name, e);
        }
    }

    /** Says that a class is not here, and what to do. */
    static CodecException missing(String name, Throwable cause) {
        return new CodecException(
                "class " + name + " is missing in this process ("
                        + ProcessHandle.current().pid()
                        + "), or does not link; add the jar or the folder that has it to the class path or the module path"
                        + " of this process (of a slave: in its SlaveOptions)",
                cause);
    }

    private static @Nullable Class<?> primitive(String name) {
        if (name.length() <= 7 && name.indexOf('.') < 0) {
            for (Class<?> type : PRIMITIVES) {
                if (type.getName().equals(name)) {
                    return type;
                }
            }
        }
        return null;
    }
}
