// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Packages the libraries and the stranger's program in the ways in which others package theirs. */
final class Jars {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SERVICES = "META-INF/services/";

    private Jars() {}

    /** The libraries and the program, but for what other tests alone need. */
    static List<Path> all() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("processional.modulepath")))) {
            return jars.filter(jar -> !isOf(jar, "blocking")).sorted().toList();
        }
    }

    /** The libraries. */
    static List<Path> libraries() throws IOException {
        return all().stream().filter(jar -> !isOf(jar, "outsider")).toList();
    }

    /** The program. */
    static Path program() throws IOException {
        return all().stream().filter(jar -> isOf(jar, "outsider")).findFirst().orElseThrow();
    }

    static boolean isOf(Path jar, String name) {
        return jar.getFileName().toString().contains(name);
    }

    static void copy(List<Path> jars, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path jar : jars) {
            Files.copy(jar, folder.resolve(jar.getFileName().toString()));
        }
    }

    static void unpack(Path jar, Path folder) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                if (!entry.isDirectory()) {
                    Path target = folder.resolve(entry.getName());
                    Files.createDirectories(target.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.write(target, in.readAllBytes());
                    }
                }
            }
        }
    }

    /** Makes the descriptor of a module look as if it was compiled for a version of Java. */
    static void compiledFor(int java, Path jar) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path info = zip.getPath("module-info.class");
            byte[] bytes = Files.readAllBytes(info);
            bytes[7] = (byte) (java + 44); // the lower half of the major version
            Files.write(info, bytes);
        }
    }

    /** A jar with a manifest and nothing else. */
    static void manifestOnly(Path jar, String main, String classPath) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            put(zip, MANIFEST, manifest("Main-Class: " + main, "Class-Path: " + classPath));
        }
    }

    /** The program with a manifest that makes it executable. */
    static void executable(Path jar, String main, String classPath) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            put(zip, MANIFEST, manifest("Main-Class: " + main, "Class-Path: " + classPath));
            copyEntries(program(), "", zip, new HashSet<>(Set.of(MANIFEST)), new LinkedHashMap<>());
        }
    }

    /** All in one jar, as Maven's shade plugin does it; the files of services merged. */
    static void shaded(Path jar, String main) throws IOException {
        Map<String, String> services = new LinkedHashMap<>();
        Set<String> names = new HashSet<>(Set.of(MANIFEST));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            put(zip, MANIFEST, manifest("Main-Class: " + main));
            for (Path one : all()) {
                copyEntries(one, "", zip, names, services);
            }
            putAll(zip, services);
        }
    }

    private static void putAll(JarOutputStream zip, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            put(zip, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * As Spring Boot does it: its loader, and all jars within, not compressed.
     *
     * @param launcher the simple name of the launcher
     * @param folder {@code BOOT-INF} or {@code WEB-INF}
     */
    static void springBoot(Path jar, String launcher, String folder, String main) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            String[] lines = {
                "Main-Class: org.springframework.boot.loader.launch." + launcher,
                "Start-Class: " + main,
                "Spring-Boot-Classes: " + folder + "/classes/",
                "Spring-Boot-Lib: " + folder + "/lib/"
            };
            put(zip, MANIFEST, manifest(lines));
            Set<String> names = new HashSet<>(Set.of(MANIFEST));
            for (String part : new String[] {"/", "/classes/", "/lib/"}) {
                put(zip, folder + part, new byte[0]);
            }
            Path loader = Path.of(System.getProperty("processional.spring-boot-loader"));
            Map<String, String> services = new LinkedHashMap<>();
            copyEntries(loader, "", zip, names, services);
            putAll(zip, services);
            copyEntries(program(), folder + "/classes/", zip, names, services);
            for (Path library : libraries()) {
                store(zip, folder + "/lib/" + library.getFileName(), Files.readAllBytes(library));
            }
        }
    }

    private static void copyEntries(
            Path jar, String prefix, JarOutputStream zip, Set<String> names, Map<String, String> services)
            throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                byte[] bytes;
                try (InputStream in = file.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                String name = entry.getName();
                if (name.startsWith(SERVICES) && !entry.isDirectory() && prefix.isEmpty()) {
                    services.merge(name, new String(bytes, StandardCharsets.UTF_8) + "\n", String::concat);
                } else if (names.add(prefix + name)) {
                    put(zip, prefix + name, bytes);
                }
            }
        }
    }

    private static void put(JarOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new JarEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static void store(JarOutputStream zip, String name, byte[] bytes) throws IOException {
        JarEntry entry = new JarEntry(name);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(JarEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /** The text of a manifest: lines of 70 bytes at most, the rest of each behind a space. */
    private static byte[] manifest(String... lines) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Manifest-Version: 1.0\r\n".getBytes(StandardCharsets.UTF_8));
        for (String line : lines) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            for (int start = 0, room = 70; start < bytes.length; start += room, room = 69) {
                if (start > 0) {
                    text.write(' ');
                }
                text.write(bytes, start, Math.min(room, bytes.length - start));
                text.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        return text.toByteArray();
    }
}
