// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import java.util.zip.CRC32;

/**
 * The file that a class came from: what tells two versions of a class apart, and where each is.
 *
 * <p>Two versions of a class may have lambdas of the same name that do different things; nothing in a serialized lambda
 * shows it.
 *
 * <p><b>Threads:</b> from any thread; a file is read once for each class.
 */
final class ClassFile {
    /** Hash of a class that has no file: made at run time, or its file cannot be read. Nothing is compared then. */
    static final long UNKNOWN = 0;

    private static final ClassValue<ClassFile> FILES = new ClassValue<>() {
        @Override
        protected ClassFile computeValue(Class<?> type) {
            return new ClassFile(type);
        }
    };

    private final long hash;
    private final String location;

    private ClassFile(Class<?> type) {
        this.hash = hash(type);
        this.location = location(type);
    }

    static ClassFile of(Class<?> type) {
        return FILES.get(type);
    }

    /** CRC-32 in the upper half, length in the lower half, or {@link #UNKNOWN}. */
    long hash() {
        return hash;
    }

    /** Folder or archive, as a URL. */
    String location() {
        return location;
    }

    private static long hash(Class<?> type) {
        byte[] bytes = read(type);
        if (bytes.length == 0) {
            return UNKNOWN;
        }
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length);
        return crc.getValue() << 32 | bytes.length;
    }

    /** The bytes of a class file; none if there is no such file, or it cannot be read. */
    static byte[] read(Class<?> type) {
        String name = type.getName();
        String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            return new byte[0]; // as if there were no file: the class works, only its version is not known
        }
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        return url == null ? "the JDK " + Runtime.version() : url.toString();
    }
}
