// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

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

    private static final byte[] MAGIC = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe}; // of each class file

    private static final ClassValue<ClassFile> FILES = new ClassValue<>() {
        @Override
        protected ClassFile computeValue(Class<?> type) {
            return new ClassFile(type);
        }
    };

    private final long hash;

    private ClassFile(Class<?> type) {
        this.hash = hash(type);
    }

    static ClassFile of(Class<?> type) {
        return FILES.get(type);
    }

    /** CRC-32 in the upper half, length in the lower half, or {@link #UNKNOWN}. */
    long hash() {
        return hash;
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

    /**
     * The bytes of a class file; none if there is no such file, or it cannot be read.
     *
     * <p>Classes of the class path are read from their folder or archive: to ask their loader means to ask the JDK first,
     * which costs a cold JVM 5 ms.
     */
    static byte[] read(Class<?> type) {
        try {
            byte[] bytes = type.getModule().isNamed() ? new byte[0] : readPlace(type);
            if (bytes.length > 0) {
                return bytes;
            }
            String name = type.getName();
            try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                return in == null ? new byte[0] : in.readAllBytes();
            }
        } catch (IOException | RuntimeException e) {
            return new byte[0]; // as if there were no file: the class works, only its version is not known
        }
    }

    private static byte[] readPlace(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        if (url == null || !url.getProtocol().equals("file") || url.getPath().indexOf('%') >= 0) {
            return new byte[0];
        }
        File place = new File(url.getPath());
        String name = type.getName().replace('.', '/') + ".class";
        if (place.isDirectory()) {
            File file = new File(place, name);
            return file.isFile() ? Files.readAllBytes(file.toPath()) : new byte[0];
        }
        try (JarFile jar = new JarFile(place, false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
            ZipEntry entry = jar.getEntry(name);
            return entry == null ? new byte[0] : jar.getInputStream(entry).readAllBytes();
        } catch (ZipException e) { // a class that was shipped alone: its place is its file
            byte[] bytes = Files.readAllBytes(place.toPath());
            return bytes.length >= MAGIC.length && Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)
                    ? bytes
                    : new byte[0];
        }
    }

    /** Folder or archive of a class, as a URL. */
    static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        if (url != null) {
            return url.toString();
        }
        return isOfJdk(type) ? "the JDK " + Runtime.version() : "a class loader that says no place";
    }

    /** Whether a class is of the JDK, as far as its loaders tell: the two ends have it from there. */
    static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }
}
