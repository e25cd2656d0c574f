// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.export;
import static org.processional.Processional.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.ShippedClass;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** A server with the library alone on its path, and clients that bring what it lacks. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class TravellingCodeTest extends OverTransports {
    private static Path libraries() {
        return Path.of(System.getProperty("processional.modulepath"));
    }

    @TempDir
    private Path sources;

    // ---- the server

    private static List<Path> library() throws IOException {
        try (Stream<Path> all = Files.list(libraries())) {
            return all.filter(jar -> !jar.getFileName().toString().contains("outsider"))
                    .toList();
        }
    }

    private static String jars() throws IOException {
        return library().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private SlaveProcess bareServer(boolean code) throws IOException {
        return server(SlaveOptions.builder()
                .address(address("server"))
                .name("bare")
                .classPath(library())
                .modulePath(List.of())
                .flags(List.of("-XX:SoftRefLRUPolicyMSPerMB=0"))
                .code(code)
                .build());
    }

    // ---- the programs of the clients

    private static final String MODULE = "module app { requires org.processional; }";

    private static final String SHAPE =
            "package app; sealed interface Shape permits Dot, Word { default String name() {"
                    + " return getClass().getSimpleName() + \" \" + this; } }";

    private static final String WORDS =
            "package app; enum Words { HELLO { String say() { return \"hello\"; } }; abstract" + " String say(); }";

    private static final String DOT = "package app; record Dot(int x) implements Shape, java.io.Serializable {}";

    private static final String WORD = """
            package app;
            final class Word implements Shape {
                private final String label;
                Word(String label) { this.label = label; }
                String text() { return new Inner().secret() + Words.HELLO.say() + " from VERSION to " + label; }
                private class Inner { private String secret() { return prefix(); } }
                private String prefix() { return "~"; }
                static String resource() throws Exception {
                    try (java.io.InputStream in = Word.class.getResourceAsStream("words.txt")) {
                        return new String(in.readAllBytes(), "UTF-8");
                    }
                }
                public String toString() { return label; }
            }
            """;

    private static final String MAIN = """
            package app;
            import org.processional.*;
            public class Main {
                static String both(Dot dot, Word word) { return dot.name() + ", " + word.text(); }
                public static void main(String[] arguments) throws Exception {
                    String label = arguments[1];
                    try (SlaveProcess server = Processional.client(arguments[0])) {
                        System.out.println(server.invoke(() -> both(new Dot(1), new Word(label))));
                        Dot dot = new Dot(2);
                        System.out.println(server.<Dot, RuntimeException>invoke(() -> new Dot(dot.x() + 40)));
                        server.wrap("loader of " + label,
                                () -> new java.lang.ref.WeakReference<Object>(Word.class.getClassLoader())).close();
                        System.out.println("there");
                        System.in.read();
                        System.out.println(server.<String, Exception>invoke(Word::resource));
                    }
                }
            }
            """;

    /** Compiles a program into a folder. */
    private Path compile(String version, boolean module) throws IOException {
        Path from = Files.createDirectories(sources.resolve("source-" + version + module));
        Path to = Files.createDirectories(sources.resolve("classes-" + version + module));
        List<String> files = new ArrayList<>();
        write(from, files, "app/Shape.java", SHAPE);
        write(from, files, "app/Words.java", WORDS);
        write(from, files, "app/Dot.java", DOT);
        write(from, files, "app/Word.java", WORD.replace("VERSION", version));
        write(from, files, "app/Main.java", MAIN);
        if (module) {
            write(from, files, "module-info.java", MODULE);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> line = new ArrayList<>(List.of("-d", to.toString(), "--release", "17", "-proc:none"));
        line.addAll(module ? List.of("-p", libraries().toString()) : List.of("-cp", jars()));
        line.addAll(files);
        assertThat(compiler.run(null, null, null, line.toArray(new String[0]))).isZero();
        Files.writeString(to.resolve("app/words.txt"), "words of " + version);
        return to;
    }

    private static void write(Path folder, List<String> files, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        files.add(file.toString());
    }

    private static Path jar(Path folder) throws IOException {
        Path jar = folder.resolveSibling(folder.getFileName() + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    /** A client in a JVM of its own. */
    private static final class Program implements AutoCloseable {
        final Process process;
        final BufferedReader lines;

        Program(Path code, boolean module, String address, String label) throws IOException {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            if (module) {
                line.addAll(List.of("-p", libraries() + File.pathSeparator + code, "-m", "app/app.Main"));
            } else {
                line.addAll(List.of("-cp", libraries() + "/*" + File.pathSeparator + code, "app.Main"));
            }
            line.addAll(List.of(address, label));
            process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            InputStream out = process.getInputStream();
            lines = new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8));
        }

        String next() throws IOException {
            return lines.readLine();
        }

        /** Lets it go on to its end. */
        void finish() throws Exception {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        @Override
        public void close() throws Exception {
            process.getOutputStream().close(); // it waits no longer, also where a test has failed
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    private static void expect(Program program, String version, String label) throws IOException {
        assertThat(program.next()).isEqualTo("Dot Dot[x=1], ~hello from " + version + " to " + label);
        assertThat(program.next()).isEqualTo("Dot[x=42]");
        assertThat(program.next()).isEqualTo("there");
    }

    @Test
    void twoVersionsOfOneClassLiveSideBySideAndGoWithTheirClients() throws Exception {
        Path first = jar(compile("one", false));
        Path second = jar(compile("two", false));
        try (SlaveProcess server = bareServer(true)) {
            try (Program one = new Program(first, false, server.address(), "a");
                    Program two = new Program(second, false, server.address(), "b")) {
                expect(one, "one", "a");
                expect(two, "two", "b");
                assertThat(server.code().stream().filter(code -> code.name().equals("app.Word")))
                        .extracting(ShippedClass::client)
                        .containsExactlyInAnyOrder(one.process.pid(), two.process.pid());
                one.finish();
                two.finish();
                assertThat(one.next()).isEqualTo("words of one");
                assertThat(two.next()).isEqualTo("words of two");
            }
            for (String label : List.of("a", "b")) {
                Proxy<WeakReference<Object>> loader = server.named("loader of " + label);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> loader.<Boolean, RuntimeException>call(reference -> collected(reference)));
            }
        }
    }

    private static boolean collected(WeakReference<Object> reference) {
        System.gc();
        return reference.get() == null;
    }

    @Test
    void codeComesFromFoldersJarsAndModules() throws Exception {
        try (SlaveProcess server = bareServer(true)) {
            Path folder = compile("classes", false);
            Path modules = compile("modules", true);
            run(server, folder, false, "classes");
            run(server, jar(folder), false, "classes");
            run(server, modules, true, "modules");
            run(server, jar(modules), true, "modules");
        }
    }

    private static void run(SlaveProcess server, Path code, boolean module, String version) throws Exception {
        try (Program program = new Program(code, module, server.address(), "x")) {
            expect(program, version, "x");
            program.finish();
            assertThat(program.next()).isEqualTo("words of " + version);
        }
    }

    /** A lambda of this class, whose captures and helpers the server lacks. */
    @Test
    void aLambdaBringsWhatItNeedsAndIsForgottenOnRequest() throws Exception {
        try (SlaveProcess server = bareServer(true)) {
            Heavy here = new Heavy.Copy(3);
            assertThat(server.<Integer, RuntimeException>invoke(() -> here.value() + 1))
                    .isEqualTo(4);
            assertThat(server.<String, RuntimeException>invoke(
                            () -> Thread.currentThread().getContextClassLoader().toString()))
                    .startsWith("ShippedLoader");
            assertThat(server.code()).extracting(ShippedClass::name).contains(Heavy.class.getName());
            assertThat(server.evictCode()).isPositive();
            assertThat(server.code()).isEmpty();
            assertThat(server.<Integer, RuntimeException>invoke(() -> here.value() + 2))
                    .isEqualTo(5);
        }
    }

    /** The engine's own function for a command has a function of the client in it. */
    @Test
    void aCommandOfAnExecutorBringsItsCode() throws Exception {
        try (SlaveProcess server = bareServer(true)) {
            Callable<Integer> command = (Callable<Integer> & Serializable) () -> new Heavy.Copy(3).value();
            assertThat(server.executor().submit(command).get()).isEqualTo(3);
        }
    }

    /** What the server lacks, and knows only from here. */
    public interface Greeter {
        Greeting greet(String name) throws TooShort;

        CompletableFuture<Greeting> later(String name);
    }

    /** A result. */
    public record Greeting(String text) implements Serializable {}

    /** A failure. */
    public static class TooShort extends Exception {
        private static final long serialVersionUID = 1L;

        TooShort(String message) {
            super(message);
        }
    }

    static class LocalGreeter implements Greeter {
        @Override
        public Greeting greet(String name) throws TooShort {
            if (name.length() < 2) {
                throw new TooShort(name);
            }
            return new Greeting("hello " + name);
        }

        @Override
        public CompletableFuture<Greeting> later(String name) {
            return CompletableFuture.supplyAsync(() -> new Greeting("later " + name));
        }
    }

    @Test
    void standInsAndCallbacksWorkWithClassesThatTheServerLacks() throws Exception {
        try (SlaveProcess server = bareServer(true);
                Proxy<Greeter> here = export(new LocalGreeter())) {
            Greeter there = server.wrap(Greeter.class, () -> new LocalGreeter());
            assertThat(there.greet("you")).isEqualTo(new Greeting("hello you"));
            assertThat(there.later("on").get(20, TimeUnit.SECONDS)).isEqualTo(new Greeting("later on"));
            assertThatThrownBy(() -> there.greet("x"))
                    .isInstanceOf(TooShort.class)
                    .hasMessage("x");
            assertThat(server.<Greeting, Exception>invoke(
                            () -> here.as(Greeter.class).greet("me")))
                    .isEqualTo(new Greeting("hello me"));
            assertThat(server.<Greeting, Exception>invoke(() -> here.call(it -> it.greet("us"))))
                    .isEqualTo(new Greeting("hello us"));
        }
    }

    @Test
    void aServerThatTakesNoCodeSaysSo() throws Exception {
        try (SlaveProcess server = bareServer(false)) {
            Heavy here = new Heavy.Copy(3);
            assertThatThrownBy(() -> server.<Integer, RuntimeException>invoke(() -> here.value()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.processional.it.")
                    .hasMessageContaining("takes no code of its clients");
            assertThat(server.names()).isEmpty();
        }
    }

    @Test
    void aClientThatGivesNoCodeIsToldWhatIsMissing() throws Exception {
        ClientOptions noCode = ClientOptions.builder().code(false).build();
        try (SlaveProcess server = bareServer(true);
                SlaveProcess client = client(server.address(), noCode)) {
            assertThatThrownBy(() -> client.<Long, RuntimeException>invoke(() -> Heavy.pid()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.processional.it.TravellingCodeTest");
        }
    }

    /** A class loader of the user's own, as in an application server: a slave does not have its classes. */
    @Test
    void aSlaveGetsTheClassesOfLoadersThatItDoesNotHave() throws Exception {
        Path folder = sources.resolve("plugin");
        Path file = sources.resolve("plugin-source/plugin/Plugin.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                package plugin;
                import org.processional.Call;
                public class Plugin implements java.util.function.Supplier<Call<String, RuntimeException>> {
                    record Answer(String text) implements java.io.Serializable {}
                    public Call<String, RuntimeException> get() { Answer a = new Answer("plugged in"); return () -> a.text(); }
                }
                """);
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "-proc:none", "-cp", jars(), file.toString());
        assertThat(compiled).isZero();
        try (SlaveProcess slave = org.processional.Processional.slave();
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            @SuppressWarnings("unchecked")
            Supplier<Call<String, RuntimeException>> plugin = (Supplier<Call<String, RuntimeException>>)
                    loader.loadClass("plugin.Plugin").getDeclaredConstructor().newInstance();
            assertThat(slave.invoke(plugin.get())).isEqualTo("plugged in");
            assertThat(slave.code().stream().map(ShippedClass::name))
                    .containsExactlyInAnyOrderElementsOf(Set.of("plugin.Plugin", "plugin.Plugin$Answer"));
        }
    }
}
