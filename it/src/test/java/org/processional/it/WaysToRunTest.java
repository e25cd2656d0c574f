// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which a program can have its code, each with a slave that runs a function of it: nothing on standard
 * output but what the program prints. The page {@code docs/packaging.md} names these tests.
 */
@Timeout(120)
class WaysToRunTest {
    private static final String MODULE = "org.example.outsider";
    private static final String MAIN = MODULE + ".Way";
    private static final String LOADERS = MODULE + ".Loaders";
    private static final String MODULAR = MODULE + "/" + MAIN;
    private static final int JAVA = Runtime.version().feature();
    private static final String IN_JARS = "42 of another process, Java " + JAVA + "\n";
    private static final String IN_MODULE = "42 in a module of another process, Java " + JAVA + "\n";

    /** What the codec needs, and a program in a module does not load for the class path. */
    private static final String FOR_CODEC = "--add-modules=jdk.unsupported,java.logging";

    @TempDir
    private static Path shared;

    private static Path all; // a folder of all jars
    private static Path libraries; // a folder of all jars but the program

    @TempDir
    private Path folder;

    @BeforeAll
    static void copyJars() throws IOException {
        all = shared.resolve("all");
        libraries = shared.resolve("libraries");
        Jars.copy(Jars.all(), all);
        Jars.copy(Jars.libraries(), libraries);
    }

    private static String out(String... arguments) throws Exception {
        return new Program().out(List.of(arguments));
    }

    private static String path(Object... entries) {
        return Stream.of(entries).map(Object::toString).collect(Collectors.joining(File.pathSeparator));
    }

    // ---- class path

    @Test
    void classPathOfJars() throws Exception {
        assertThat(out("-cp", all + "/*", MAIN)).isEqualTo(IN_JARS);
    }

    @Test
    void explodedFolders() throws Exception {
        List<Object> entries = new ArrayList<>();
        for (Path jar : Jars.all()) {
            boolean ours = Jars.isOf(jar, "processional-");
            if (ours) {
                Jars.unpack(jar, folder.resolve(jar.getFileName().toString()));
            }
            entries.add(ours ? folder.resolve(jar.getFileName().toString()) : jar);
        }
        assertThat(out("-cp", path(entries.toArray()), MAIN)).isEqualTo(IN_JARS);
    }

    @Test
    @Tag(Rounds.FULL_TAG)
    void relativeClassPath() throws Exception {
        assertThat(new Program().in(shared).out(List.of("-cp", "all/*", MAIN))).isEqualTo(IN_JARS);
    }

    @Test
    void executableJarWithClassPath() throws Exception {
        Path jar = shared.resolve("executable.jar");
        String libraries = Jars.libraries().stream()
                .map(library -> "libraries/" + library.getFileName())
                .collect(Collectors.joining(" "));
        Jars.executable(jar, MAIN, libraries);
        assertThat(new Program().in(folder).out(List.of("-jar", jar.toString())))
                .isEqualTo(IN_JARS);
    }

    /** As Surefire starts its JVMs, and IDEs theirs where the class path is long. */
    @Test
    void manifestOnlyJar() throws Exception {
        Path jar = folder.resolve("surefirebooter.jar");
        String urls =
                Jars.all().stream().map(library -> library.toUri().toString()).collect(Collectors.joining(" "));
        Jars.manifestOnly(jar, MAIN, urls);
        assertThat(out("-jar", jar.toString())).isEqualTo(IN_JARS);
    }

    @Test
    void shadedJar() throws Exception {
        Path jar = folder.resolve("shaded.jar");
        Jars.shaded(jar, MAIN);
        assertThat(out("-jar", jar.toString())).isEqualTo(IN_JARS);
    }

    /** A program of one file, which Java compiles when it starts it; its classes are of no file, and are shipped. */
    @Test
    void sourceFile() throws Exception {
        String file = MAIN.replace('.', '/') + ".java";
        Path alone = folder.resolve(file); // far from a module-info, which Java 22 and later read
        Files.createDirectories(alone.getParent());
        Files.copy(Path.of("outsider/src/main/java", file), alone);
        assertThat(out("-cp", libraries + "/*", alone.toString())).isEqualTo(IN_JARS);
    }

    // ---- modules

    @Test
    void modulePath() throws Exception {
        assertThat(out("-p", all.toString(), "-m", MODULAR)).isEqualTo(IN_MODULE);
    }

    /** The libraries are modules, the program is not. */
    @Test
    void modulesBelowAClassPath() throws Exception {
        String modules = "org.processional.engine";
        Path program = Jars.program();
        assertThat(out("-p", libraries.toString(), "--add-modules", modules, "-cp", program.toString(), MAIN))
                .isEqualTo(IN_JARS);
    }

    /** The program and the engine are modules, the codec and what it needs are not. */
    @Test
    void modulesAboveAClassPath() throws Exception {
        List<Object> modules = new ArrayList<>();
        List<Object> jars = new ArrayList<>();
        for (Path jar : Jars.all()) {
            boolean codec = Jars.isOf(jar, "codec") || Jars.isOf(jar, "jboss");
            (codec ? jars : modules).add(jar);
        }
        String[] line = {"-p", path(modules.toArray()), "-cp", path(jars.toArray()), "-m", MODULAR};
        assertThat(new Program().run(List.of(line)).err()).contains("--add-modules jdk.unsupported");
        List<String> cured = new ArrayList<>(List.of(FOR_CODEC));
        cured.addAll(List.of(line));
        assertThat(new Program().out(cured)).isEqualTo(IN_MODULE);
    }

    /** As Surefire and IDEs run the tests of a module. */
    @Test
    void patchedModule() throws Exception {
        Jars.unpack(Jars.program(), folder.resolve("all"));
        Path program = folder.resolve("all").resolve(MAIN.replace('.', '/') + ".class");
        Files.createDirectories(folder.resolve("patch/org/example/outsider"));
        try (Stream<Path> files = Files.list(program.getParent())) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("Way"))
                    .toList()) {
                Files.move(file, folder.resolve("patch/org/example/outsider").resolve(file.getFileName()));
            }
        }
        assertThat(new Program()
                        .in(folder)
                        .out(List.of("-p", path(libraries, "all"), "--patch-module", MODULE + "=patch", "-m", MODULAR)))
                .isEqualTo(IN_MODULE);
    }

    @Test
    void modulesOfTheJdkThatTheProgramAskedFor() throws Exception {
        assertThat(out("--add-modules", "jdk.httpserver", "-p", all.toString(), "-m", MODULAR, "module=jdk.httpserver"))
                .isEqualTo(IN_MODULE.replace("\n", ", with the module asked for\n"));
    }

    // ---- loaders and layers

    @Test
    void moduleLayerOfOnesOwn() throws Exception {
        assertThat(out("-cp", Jars.program().toString(), LOADERS, "layer", all.toString()))
                .isEqualTo(IN_MODULE);
    }

    @Test
    void classLoaderOfAServer() throws Exception {
        assertThat(out("-cp", Jars.program().toString(), LOADERS, "server", all.toString()))
                .isEqualTo(IN_JARS);
    }

    /** The jars of Processional and its libraries are known by their classes; of jnr, which is optional, all are needed. */
    @Test
    void classLoaderThatTellsNoFiles() throws Exception {
        String name = "processional-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        assertThat(out("-cp", Jars.program().toString(), LOADERS, "plugins", all.toString(), "address=unix:@" + name))
                .isEqualTo(IN_JARS);
    }

    /** Nothing is started where there is nothing that could be. */
    @Test
    void classLoaderWithoutFiles() throws Exception {
        assertThat(out("-cp", Jars.program().toString(), LOADERS, "opaque", all.toString()))
                .startsWith("refused: this program has org.processional")
                .contains("which no other JVM can read; give the option classPath the jars");
    }

    @Test
    void moduleLayerWithoutFiles() throws Exception {
        assertThat(out("-cp", Jars.program().toString(), LOADERS, "opaque-layer", all.toString()))
                .matches("refused: module \\S+ of this program's module layer is at memory:\\S+, which no other JVM can"
                        + " read; give the option modulePath its jar, .*\n");
    }

    @Test
    void springBootJar() throws Exception {
        Path jar = folder.resolve("boot.jar");
        Jars.springBoot(jar, "JarLauncher", "BOOT-INF", MAIN);
        assertThat(out("-jar", jar.toString())).isEqualTo(IN_JARS);
    }

    @Test
    @Tag(Rounds.FULL_TAG)
    void springBootWar() throws Exception {
        Path jar = folder.resolve("boot.war");
        Jars.springBoot(jar, "WarLauncher", "WEB-INF", MAIN);
        assertThat(out("-jar", jar.toString())).isEqualTo(IN_JARS);
    }

    // ---- paths

    private static String longPath(String first) {
        return IntStream.range(0, 1500)
                .mapToObj(i -> "/tmp/not-there/a-name-that-makes-the-path-longer-than-any-system-takes-it-in-one-word/"
                        + "x".repeat(i % 10) + i)
                .collect(Collectors.joining(File.pathSeparator, first + File.pathSeparator, ""));
    }

    @Test
    void pathsLongerThanACommandLine() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path words = folder.resolve("words");
        Files.writeString(words, "-Djava.io.tmpdir=" + temporary + " -cp \"" + longPath(all + "/*") + "\" " + MAIN);
        assertThat(Files.size(words)).isGreaterThan(128 << 10);
        assertThat(out("@" + words)).isEqualTo(IN_JARS);
        Files.writeString(words, "-Djava.io.tmpdir=" + temporary + " -p \"" + longPath(all.toString()) + "\"");
        assertThat(out("@" + words, "-m", MODULAR)).isEqualTo(IN_MODULE);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.toString().endsWith(".arguments")))
                    .isEmpty();
        }
    }

    private static Path letters(Path folder) throws IOException {
        return Files.createDirectory(folder.resolve("ein Körbchen \"日本\" it's 100% #1"));
    }

    @Test
    void spacesAndLettersInPaths() throws Exception {
        Path strange = letters(folder);
        Jars.copy(Jars.all(), strange.resolve("all"));
        Program program = new Program().with("LC_ALL", "C.UTF-8").in(strange);
        assertThat(program.out(List.of("-cp", strange + "/all/*", MAIN))).isEqualTo(IN_JARS);
        assertThat(program.out(List.of("-p", strange + "/all", "-m", MODULAR))).isEqualTo(IN_MODULE);
    }

    @Test
    @Tag(Rounds.FULL_TAG)
    void spacesAndLettersInLongPaths() throws Exception {
        Path strange = letters(folder);
        Jars.copy(Jars.all(), strange.resolve("all"));
        Jars.copy(Jars.libraries(), strange.resolve("libraries"));
        Path words = folder.resolve("words");
        String path = longPath(strange + "/all/*").replace("\"", "\\\"");
        Files.writeString(words, "-cp \"" + path + "\" " + MAIN);
        assertThat(new Program().with("LC_ALL", "C.UTF-8").out(List.of("@" + words)))
                .isEqualTo(IN_JARS);
        String server = strange + "/all";
        assertThat(new Program()
                        .with("LC_ALL", "C.UTF-8")
                        .out(List.of("-cp", Jars.program().toString(), LOADERS, "server", server)))
                .isEqualTo(IN_JARS);
    }

    /** A slave in a locale without the letters of its paths would find nothing. */
    @Test
    void aLocaleWithoutTheLettersOfThePaths() throws Exception {
        Path strange = letters(folder);
        Jars.copy(Jars.all(), strange.resolve("all"));
        Program program = new Program().with("LC_ALL", "C.UTF-8");
        assertThat(program.out(List.of("-cp", strange + "/all/*", MAIN, "locale=C")))
                .startsWith("refused: a slave in the locale \"C\", of the option environment, cannot find ")
                .contains("LC_ALL=C.UTF-8");
        assertThat(program.out(List.of("-cp", all + "/*", MAIN, "locale=C"))).isEqualTo(IN_JARS);
    }

    /** Java 17 itself does not work there; later ones do. */
    @Test
    void aWorkingDirectoryThatTheLocaleCannotName() throws Exception {
        Program program = new Program().with("LC_ALL", "C").in(letters(folder));
        String out = program.out(List.of("-cp", all + "/*", MAIN));
        assertThat(out.startsWith("refused") ? "" : out).isIn("", IN_JARS);
        assertThat(out.startsWith("refused") ? out : "LC_ALL=C.UTF-8").contains("LC_ALL=C.UTF-8");
    }

    @Test
    void aPathThatIsNoneOfAJvm() throws Exception {
        assertThat(out("-cp", all + "/*", MAIN, "classPath=/tmp/a:b.jar"))
                .startsWith("refused: the option classPath has no jar with the engine");
        Path strange = folder.resolve("a:b.jar");
        Files.copy(
                Jars.libraries().stream()
                        .filter(jar -> Jars.isOf(jar, "-engine-"))
                        .findFirst()
                        .orElseThrow(),
                strange);
        assertThat(out("-cp", all + "/*", MAIN, "classPath=" + strange))
                .startsWith("refused: no path of a JVM can hold " + strange);
    }

    // ---- flags in variables

    @Test
    void toolOptionsInTheEnvironment() throws Exception {
        String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
        Program program =
                new Program().with("JAVA_TOOL_OPTIONS", "-Dsome=thing").with("JDK_JAVA_OPTIONS", "-Dmore=2");
        Program.End end = program.run(List.of("-cp", all + "/*", MAIN));
        assertThat(end.out()).as(end.err()).isEqualTo(IN_JARS);
        assertThat(end.err()).contains("Picked up JAVA_TOOL_OPTIONS: -Dsome=thing");
        Program debugged = new Program().with("JAVA_TOOL_OPTIONS", debugger);
        String out = debugged.out(List.of("-cp", all + "/*", MAIN));
        assertThat(out.lines().filter(line -> line.startsWith("Listening"))).hasSize(1); // the program, not its slave
        assertThat(out).endsWith(IN_JARS);
    }

    /** As on servers that are looked at from elsewhere: the slave cannot listen at the port that the program has. */
    @Test
    void portsInTheEnvironmentStayWithTheProgram() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String flags = "-Dcom.sun.management.jmxremote.port=" + port
                + " -Dcom.sun.management.jmxremote.ssl=false -Dcom.sun.management.jmxremote.authenticate=false";
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            Program watched = new Program().with(variable, flags);
            assertThat(watched.out(List.of("-cp", all + "/*", MAIN)))
                    .as(variable)
                    .isEqualTo(IN_JARS);
        }
    }

    // ---- another Java

    /** A JDK here that is not the one that runs this test. */
    private static Path otherJava() throws IOException {
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            for (Path home : homes.sorted().toList()) {
                Path release = home.resolve("release");
                if (Files.isRegularFile(release) && feature(release) >= 17 && feature(release) != JAVA) {
                    return home;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    private static int feature(Path release) throws IOException {
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> Runtime.Version.parse(line.substring(14, line.length() - 1)))
                    .mapToInt(Runtime.Version::feature)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** As in a native image, which has no home of a JVM. */
    @Test
    void programWithoutAJvm() throws Exception {
        assertThat(out("-cp", all + "/*", MAIN, "without=java.home"))
                .startsWith(
                        "refused: this program runs without a JVM (a native image), and a slave is one; give the options"
                                + " javaHome and classPath");
        String home = "javaHome=" + System.getProperty("java.home");
        assertThat(out("-cp", all + "/*", MAIN, "without=java.home", home)).isEqualTo(IN_JARS);
    }

    @Test
    void moduleForALaterJavaThanTheSlaves() throws Exception {
        Path other = otherJava();
        assumeTrue(other != null, "there is one JDK alone under /usr/lib/jvm");
        int java = feature(other.resolve("release"));
        Path own = Path.of(System.getProperty("java.home"));
        Path newer = java > JAVA ? other : own;
        Path older = java > JAVA ? own : other;
        Path jar = folder.resolve("program.jar");
        Files.copy(Jars.program(), jar);
        Jars.compiledFor(Math.max(java, JAVA), jar);
        List<String> line = List.of("-p", path(libraries, jar), "-m", MODULAR, "javaHome=" + older);
        assertThat(new Program(newer).out(line))
                .startsWith("refused: module " + MODULE + " (" + jar + ") is compiled for Java " + Math.max(java, JAVA)
                        + ", and the slave is Java " + Math.min(java, JAVA) + " of the option javaHome; give the option"
                        + " modulePath");
    }

    @Test
    void slaveOnAnotherJava() throws Exception {
        Path other = otherJava();
        assumeTrue(other != null, "there is one JDK alone under /usr/lib/jvm");
        String place = ", Java " + feature(other.resolve("release")) + "\n";
        String home = "javaHome=" + other;
        assertThat(out("-cp", all + "/*", MAIN, home)).isEqualTo("42 of another process" + place);
        if (Rounds.FULL) {
            assertThat(out("-p", all.toString(), "-m", MODULAR, home))
                    .isEqualTo("42 in a module of another process" + place);
        }
    }
}
