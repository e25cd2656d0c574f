// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** What to do about most differences. */
    static final String SAME_VERSION = "run the same version of it at both ends";

    private static final String ADD =
            "add the jar or the folder that has it to the class path or the module path of this"
                    + " process (of a slave: in its SlaveOptions)";

    private static final Pattern FILE_VERSION = Pattern.compile("class file version (\\d{1,4})");
    private static final int BEFORE_JAVA_1 = 44; // Java 17 has class files of version 61
    private static final int OWN_JAVA = Runtime.version().feature();

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

    /**
     * As {@link #find}, with an error for users.
     *
     * @param there where the sender has it from
     */
    static Class<?> load(String name, String there, ClassLoader loader) {
        try {
            return find(name, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw unusable(name, there, e);
        }
    }

    /**
     * Says why a class cannot be had here, and what to do.
     *
     * @param name the class; where the cause names another one that it needs, that is named as well
     * @param there where the sender has it from; empty if that is not known
     * @param cause what happened when it was loaded
     */
    static CodecException unusable(String name, String there, Throwable cause) {
        String what = "class " + name + (there.isEmpty() ? "" : ", which the sender has from " + there + ",");
        String here = " in this process (" + ProcessHandle.current().pid() + ")";
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnsupportedClassVersionError) {
            return new CodecException(
                    what + tooNew(name, message) + here + ", which runs Java " + OWN_JAVA
                            + "; run it with a later Java (of a slave: javaHome in its SlaveOptions), or compile the class with"
                            + " --release " + OWN_JAVA,
                    cause);
        }
        if (cause instanceof ClassNotFoundException) {
            return new CodecException(what + " is missing" + here + "; " + ADD, cause);
        }
        String needed = cause instanceof NoClassDefFoundError ? message.replace('/', '.') : name;
        return new CodecException(
                needed.equals(name)
                        ? what + " does not link" + here + ": " + cause + "; " + ADD
                        : what + " needs class " + needed + ", which is missing" + here + "; " + ADD,
                cause);
    }

    /** The message of the JVM: the class that is too new, which may be one that the named one needs, and the versions. */
    private static String tooNew(String name, String message) {
        Matcher version = FILE_VERSION.matcher(message);
        String java = version.find() ? "Java " + (Integer.parseInt(version.group(1)) - BEFORE_JAVA_1) : "a later Java";
        int end = message.indexOf(' ');
        String type = end < 0 ? name : message.substring(0, end).replace('/', '.');
        return (type.equals(name) ? "" : " needs class " + type + ", which") + " is compiled for " + java
                + " and cannot be loaded";
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
