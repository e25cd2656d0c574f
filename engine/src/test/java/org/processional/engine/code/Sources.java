// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The code of a client: sources that a test compiles into a folder, of which it can make a jar. */
final class Sources {
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> options = new ArrayList<>(List.of("-proc:none"));

    /** Adds a file such as {@code com/acme/Job.java}. */
    Sources add(String file, String text) {
        texts.put(file, text);
        return this;
    }

    Sources option(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Compiles into a folder. */
    Path compile(Path folder) throws IOException {
        Files.createDirectories(folder);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        texts.forEach((file, text) ->
                units.add(new SimpleJavaFileObject(URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return text;
                    }
                }));
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-d", folder.toString()));
        StringWriter errors = new StringWriter();
        if (!compiler.getTask(errors, null, null, all, null, units).call()) {
            throw new IOException("does not compile: " + errors);
        }
        return folder;
    }

    /** Makes a jar of a folder. */
    static Path jar(Path jar, Path folder, Map<String, String> attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    /** The loader of a client for folders and jars. */
    static URLClassLoader loader(Path... places) {
        URL[] urls = Stream.of(places)
                .map(place -> {
                    try {
                        return place.toUri().toURL();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }
}
