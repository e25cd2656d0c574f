// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.tools.ToolProvider;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;
import org.processional.Call;

/** The class {@code corners.Corners} of the test resources, as some compiler made it; each is made once. */
final class Compiled {
    /** The compilers. */
    enum Compiler {
        /** The JDK's. */
        JAVAC,
        /** The Eclipse compiler. */
        ECLIPSE
    }

    private static final Map<String, Compiled> MADE = new ConcurrentHashMap<>();

    final ClassLoader loader;
    private final Class<?> corners;

    private Compiled(ClassLoader loader) {
        this.loader = loader;
        try {
            this.corners = Class.forName("corners.Corners", true, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** With names and lines. */
    static Compiled by(Compiler compiler) {
        return MADE.computeIfAbsent(compiler.name(), name -> by(compiler, "-g"));
    }

    /** Without names and lines. */
    static Compiled withoutNames(Compiler compiler) {
        return MADE.computeIfAbsent(compiler + "-nameless", name -> by(compiler, "-g:none"));
    }

    /** By a loader that shows no class files. */
    static Compiled withoutFiles(Compiler compiler) {
        return new Compiled(new WithoutFiles(by(compiler).loader));
    }

    private static Compiled by(Compiler compiler, String debug) {
        Path folder = folder(compiler + debug.replace(":", ""));
        List<String> arguments = arguments(folder, debug);
        if (compiler == Compiler.JAVAC) {
            int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
            assertThat(result).isZero();
        } else {
            arguments.addAll(List.of("-nowarn", "-proc:none"));
            StringWriter said = new StringWriter();
            PrintWriter to = new PrintWriter(said);
            boolean done = BatchCompiler.compile(arguments.toArray(new String[0]), to, to, null);
            assertThat(done).as(said.toString()).isTrue();
        }
        try {
            return new Compiled(
                    new URLClassLoader(new URL[] {folder.toUri().toURL()}, Compiled.class.getClassLoader()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String name) {
        try {
            return Files.createDirectories(Path.of("target", "corners", name).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> arguments(Path folder, String debug) {
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", debug, "-d", folder.toString(), "-classpath"));
        try {
            arguments.add(Path.of(Call.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
            arguments.add(
                    Path.of(Compiled.class.getResource("/corners/Corners.java").toURI())
                            .toString());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
        return arguments;
    }

    /** The function that a method of the class gives. */
    Object function(String name) {
        try {
            Method method = corners.getMethod(name);
            return method.invoke(corners.getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static final class WithoutFiles extends ClassLoader {
        private final ClassLoader files;

        WithoutFiles(ClassLoader files) {
            super(Compiled.class.getClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (var in = files.getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
