// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.ShippedClass;
import org.processional.engine.testing.Collecting;

@Timeout(120)
final class ShippedLoaderTest {
    private static final ClassLoader PARENT = ShippedLoaderTest.class.getClassLoader();

    @TempDir
    Path folder;

    private CodeCache cache;

    @BeforeEach
    void makeCache() {
        cache = new CodeCache(folder.resolve("cache"), 64 << 20);
    }

    private ShippedLoader loader(CodeSupply supply) {
        return new ShippedLoader(1, PARENT, supply, () -> cache);
    }

    private ShippedLoader loader(Path... places) {
        return loader(TestSupply.of(Sources.loader(places)));
    }

    /** Runs the shipped class {@code com.acme.Job}, a {@code Callable}. */
    private static Object run(ClassLoader loader) throws Exception {
        return ((Callable<?>) loader.loadClass("com.acme.Job").getConstructor().newInstance()).call();
    }

    private static Sources job(String body, String more) {
        return new Sources()
                .add(
                        "com/acme/Job.java",
                        "package com.acme; public class Job implements java.util.concurrent.Callable<Object> {"
                                + " public Object call() throws Exception { " + body + "; }" + more + "}");
    }

    private Path compiled(String body, String more) throws IOException {
        return job(body, more).compile(folder.resolve("classes"));
    }

    @Test
    void aClassComesWithItsSuperclassAndItsInterface() throws Exception {
        Path classes = new Sources()
                .add("com/acme/Base.java", "package com.acme; class Base { String base() { return \"base\"; } }")
                .add(
                        "com/acme/Face.java",
                        "package com.acme; interface Face { default String face() { return \"face\"; } }")
                .add(
                        "com/acme/Job.java",
                        "package com.acme; public class Job extends Base implements Face,"
                                + " java.util.concurrent.Callable<Object> {"
                                + " public Object call() { return base() + face(); } }")
                .compile(folder.resolve("classes"));
        ShippedLoader loader = loader(classes);
        assertThat(run(loader)).isEqualTo("baseface");
        assertThat(loader.roundTrips()).isEqualTo(2);
        assertThat(loader.shipped())
                .extracting(ShippedClass::name)
                .containsExactlyInAnyOrder("com.acme.Base", "com.acme.Face", "com.acme.Job");
        assertThat(loader.shipped())
                .allSatisfy(shipped -> assertThat(Hash.of(Files.readAllBytes(
                                        classes.resolve(shipped.name().replace('.', '/') + ".class")))
                                .hex())
                        .isEqualTo(shipped.hash()));
        assertThat(loader.shippedBytes())
                .isEqualTo(
                        loader.shipped().stream().mapToLong(ShippedClass::bytes).sum());
        assertThat(loader.loadClass("com.acme.Job").getClassLoader()).isSameAs(loader);
        URL location = loader.loadClass("com.acme.Job")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
        assertThat(Path.of(location.toURI())).isRegularFile();
        assertThat(location.toString()).endsWith("-Job.class");
    }

    @Test
    void nestMatesReachEachOthersPrivateMembers() throws Exception {
        Path classes = compiled(
                "return new Inner().secret + new Object() { String own() { return name; } }.own()",
                "private String name = \"outer\"; static class Inner { private String secret = \"inner\"; }");
        assertThat(run(loader(classes))).isEqualTo("innerouter");
    }

    @Test
    void lambdasAndMethodReferencesOfACapturingClassRun() throws Exception {
        Path classes = compiled(
                "java.util.function.Supplier<String> s = () -> \"a\" + this.tail();"
                        + " java.util.function.Function<String, Integer> f = Helper::length; return f.apply(s.get())",
                "private String tail() { return \"bc\"; } static class Helper { static int length(String s) { return s.length(); } }");
        assertThat(run(loader(classes))).isEqualTo(3);
    }

    @Test
    void recordsEnumsWithBodiesSealedAndGenericTypesWork() throws Exception {
        Path classes = compiled(
                "Shape s = new Box<>(\"x\", Op.TWICE.of(21)); return s.toString() + Op.valueOf(\"ONCE\").of(1)"
                        + " + Shape.class.isSealed() + Shape.class.getPermittedSubclasses().length"
                        + " + Box.class.getRecordComponents()[0].getGenericType()",
                "sealed interface Shape permits Box, Dot {} record Box<T extends Comparable<T>>(T of, int n) implements Shape {}"
                        + " record Dot() implements Shape {}"
                        + " enum Op { ONCE { int of(int n) { return n; } }, TWICE { int of(int n) { return 2 * n; } };"
                        + " abstract int of(int n); }");
        ShippedLoader loader = loader(classes);
        assertThat(run(loader)).isEqualTo("Box[of=x, n=42]1true2T");
        assertThat(loader.roundTrips()).isEqualTo(2);
    }

    @Test
    void resourcesAreFoundInAllWays() throws Exception {
        Path classes = compiled(
                "try (var in = Job.class.getResourceAsStream(\"my config.txt\")) { this.text = new String(in.readAllBytes()); } return text",
                "private String text;");
        Files.writeString(classes.resolve("com/acme/my config.txt"), "from a folder");
        Path more = Files.createDirectories(folder.resolve("more/com/acme"))
                .getParent()
                .getParent();
        Files.writeString(more.resolve("com/acme/my config.txt"), "more");
        Path jar = Sources.jar(folder.resolve("with res.jar"), more, Map.of());
        Files.writeString(more.resolve("com/acme/my config.txt"), "yet more");
        TestSupply supply = TestSupply.of(Sources.loader(classes, jar, more));
        ShippedLoader loader = loader(supply);
        assertThat(run(loader)).isEqualTo("from a folder");
        List<String> texts = new ArrayList<>();
        for (URL url : Collections.list(loader.getResources("com/acme/my config.txt"))) {
            texts.add(text(url));
        }
        assertThat(texts).containsExactly("from a folder", "more", "yet more");
        assertThat(text(loader.getResource("com/acme/my config.txt"))).isEqualTo("from a folder");
        assertThat(loader.getResource("com/acme/my config.txt").getPath()).endsWith("my_config.txt");
        assertThat(loader.getResourceAsStream("com/acme/Job.class")).isNotNull();
        Files.createFile(classes.resolve("empty.txt"));
        assertThat(text(loader.getResource("empty.txt"))).isEmpty();
        assertThat(loader.getResource("none.txt")).isNull();
        assertThat(loader.getResource("none.txt")).isNull();
        assertThat(loader.getResource("com/acme/")).isNull();
        assertThat(loader.getResource("../../etc/passwd")).isNull();
        assertThat(supply.asked)
                .containsExactly("com/acme/Job.class", "com/acme/my config.txt", "empty.txt", "none.txt");
    }

    private static String text(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aJarComesAsAWholeWithItsPackagesAndVersions() throws Exception {
        Path classes = new Sources()
                .add(
                        "com/lib/Tool.java",
                        "package com.lib; public class Tool { public static String name() { return \"tool\"; } }")
                .add("com/lib/Other.java", "package com.lib; public class Other { }")
                .compile(folder.resolve("lib"));
        Files.writeString(classes.resolve("com/lib/data #1.txt"), "data of the jar");
        new Sources()
                .add(
                        "com/lib/Tool.java",
                        "package com.lib; public class Tool { public static String name() { return \"tool of 17\"; } }")
                .compile(classes.resolve("META-INF/versions/17"));
        Path jar = Sources.jar(
                folder.resolve("lib-1.2.jar"),
                classes,
                Map.of("Implementation-Version", "1.2", "Implementation-Title", "lib", "Multi-Release", "true"));
        Path job = job("return com.lib.Tool.name() + com.lib.Tool.class.getPackage().getImplementationVersion()", "")
                .option("-cp", jar.toString())
                .compile(folder.resolve("classes"));
        ShippedLoader loader = loader(job, jar);
        assertThat(run(loader)).isEqualTo("tool of 171.2");
        Class<?> other = loader.loadClass("com.lib.Other");
        assertThat(other.getPackage().getImplementationTitle()).isEqualTo("lib");
        assertThat(other.getProtectionDomain().getCodeSource().getLocation().toString())
                .endsWith("-lib-1.2.jar");
        try (InputStream classFile = loader.getResourceAsStream("com/lib/Tool.class")) {
            assertThat(classFile.readAllBytes())
                    .isEqualTo(Files.readAllBytes(classes.resolve("META-INF/versions/17/com/lib/Tool.class")));
        }
        assertThat(loader.roundTrips()).isEqualTo(2);
        assertThat(text(loader.getResource("com/lib/data #1.txt"))).isEqualTo("data of the jar");
        assertThat(loader.getResource("com/lib/data #1.txt").toString()).startsWith("jar:file:");
        assertThat(text(loader.getResource("com/lib/data #1.txt"))).isEqualTo("data of the jar");
    }

    @Test
    void classesOfALargeJarComeOneByOneInOneAnswer() throws Exception {
        Path classes = compiled(
                "return new Part().toString()", "static class Part { public String toString() { return \"part\"; } }");
        Files.write(classes.resolve("com/acme/large.bin"), new byte[3 << 20]);
        CodeOrigin origin = new CodeOrigin(1 << 10);
        ClassLoader of = Sources.loader(Sources.jar(folder.resolve("large.jar"), classes, Map.of()));
        ShippedLoader loader = loader(new TestSupply(origin, of));
        assertThat(run(loader)).isEqualTo("part");
        assertThat(loader.roundTrips()).isEqualTo(2);
        try (InputStream large = loader.getResourceAsStream("com/acme/large.bin")) {
            assertThat(large.readAllBytes()).hasSize(3 << 20);
        }
        assertThat(loader.roundTrips()).isEqualTo(2 + 1 + 4);
    }

    private Path graph(int count) throws IOException {
        StringBuilder classes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String next = i == 0 ? "0" : "1 + new C" + (i - 1) + "().count()";
            classes.append("class C" + i + " { int count() { return " + next + "; } }\n");
        }
        return job("return new C" + (count - 1) + "().count()", "}\n" + classes + "class End {")
                .compile(folder.resolve("graph" + count));
    }

    @Test
    void aGraphOf200ClassesTakesAHandfulOfRoundTripsAndTheSecondLoaderNone() throws Exception {
        Path classes = graph(200);
        ShippedLoader first = loader(classes);
        assertThat(run(first)).isEqualTo(199);
        assertThat(first.shipped()).hasSize(201);
        assertThat(first.roundTrips()).isLessThanOrEqualTo(5);
        assertThat(first.shippedBytes()).isPositive();
        TestSupply supply = TestSupply.of(Sources.loader(classes));
        ShippedLoader second = loader(supply);
        assertThat(run(second)).isEqualTo(199);
        assertThat(second.shippedBytes()).isZero();
        assertThat(supply.contentCalls).hasValue(0);
        assertThat(second.roundTrips()).isEqualTo(1);
    }

    @Test
    void aGraphOfMoreClassesThanOneManifestComesInParts() throws Exception {
        ShippedLoader loader = loader(graph(700));
        assertThat(run(loader)).isEqualTo(699);
        assertThat(loader.roundTrips()).isLessThanOrEqualTo(5);
    }

    @Test
    void twoVersionsOfOneClassLiveSideBySide() throws Exception {
        Path one = job("return 1", "").compile(folder.resolve("one"));
        Path two = job("return 2", "").compile(folder.resolve("two"));
        ShippedLoader first = loader(one);
        ShippedLoader second = loader(two);
        assertThat(run(first)).isEqualTo(1);
        assertThat(run(second)).isEqualTo(2);
        assertThat(run(first)).isEqualTo(1);
        assertThat(first.loadClass("com.acme.Job")).isNotSameAs(second.loadClass("com.acme.Job"));
    }

    @Test
    void whatTheParentHasIsNeitherAskedForNorShipped() throws Exception {
        Path own = new Sources()
                .add("com/acme/Shared.java", "package com.acme; public class Shared { }")
                .compile(folder.resolve("own"));
        Path classes = job("return Shared.class.getClassLoader()", "")
                .option("-cp", own.toString())
                .compile(folder.resolve("classes"));
        try (URLClassLoader parent = Sources.loader(own)) {
            TestSupply supply = TestSupply.of(Sources.loader(classes, own));
            ShippedLoader loader = new ShippedLoader(1, parent, supply, () -> cache);
            assertThat(run(loader)).isSameAs(parent);
            assertThat(supply.asked).containsExactly("com/acme/Job.class");
            assertThat(loader.shipped()).hasSize(1);
            assertThat(loader.shippedBytes()).isEqualTo(loader.shipped().get(0).bytes());
        }
    }

    @Test
    void aClassThatNobodyHasIsAskedForOnce() {
        TestSupply supply = TestSupply.of(PARENT);
        ShippedLoader loader = loader(supply);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> loader.loadClass("com.acme.None"))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessageContaining("com.acme.None")
                    .hasMessageContaining("client 1")
                    .hasMessageContaining("class path");
        }
        assertThat(supply.asked).containsExactly("com/acme/None.class");
    }

    @Test
    void whatTheClientDidNotHaveIsFoundOnceItOffersAnotherLoader() throws Exception {
        CodeOrigin origin = new CodeOrigin();
        TestSupply supply = new TestSupply(origin);
        ShippedLoader loader = loader(supply);
        assertThatThrownBy(() -> run(loader)).isInstanceOf(ClassNotFoundException.class);
        ClassLoader later = Sources.loader(compiled("return 1", ""));
        assertThat(origin.offer(later.loadClass("com.acme.Job"))).isTrue();
        assertThat(origin.offer(later.loadClass("com.acme.Job"))).isFalse();
        assertThat(origin.offer(String.class)).isFalse();
        assertThatThrownBy(() -> run(loader)).isInstanceOf(ClassNotFoundException.class);
        loader.forgetMissing();
        assertThat(run(loader)).isEqualTo(1);
        assertThat(supply.asked).hasSize(2);
    }

    @Test
    void aDamagedJarOfTheCacheIsFetchedAnew() throws Exception {
        Path jar = Sources.jar(folder.resolve("job.jar"), compiled("return 1", ""), Map.of());
        assertThat(run(loader(jar))).isEqualTo(1);
        try (var files = Files.list(cache.folder())) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        ShippedLoader again = loader(jar);
        assertThat(run(again)).isEqualTo(1);
        assertThat(again.shippedBytes()).isEqualTo(Files.size(jar));
    }

    @Test
    void namesOfTheJdkAndOfProcessionalAreNeverAskedFor() {
        TestSupply supply = TestSupply.of(PARENT);
        ShippedLoader loader = loader(supply);
        for (String name : List.of(
                "java.lang.None",
                "jdk.internal.None",
                "sun.misc.None",
                "org.processional.None",
                "org.processional.spi.None",
                "org.processional.engine.code.None",
                "org.processional.transport.tcp.None",
                "org.processional.codec.jboss.None",
                "org.processional.memory.None")) {
            assertThatThrownBy(() -> loader.loadClass(name))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessageContaining(name);
            assertThat(loader.getResource(name.replace('.', '/') + ".class")).isNull();
        }
        assertThat(loader.getResource("META-INF/services/org.processional.spi.None"))
                .isNull();
        assertThat(supply.asked).isEmpty();
        assertThatThrownBy(() -> loader.loadClass("org.processional.examples.None"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(supply.asked).containsExactly("org/processional/examples/None.class");
    }

    @Test
    void aClientThatHasGoneIsNamedWithTheCause() throws Exception {
        Path classes = compiled("return Class.forName(\"com.acme.Later\")", "");
        TestSupply supply = TestSupply.of(Sources.loader(classes));
        ShippedLoader loader = loader(supply);
        Callable<?> job =
                (Callable<?>) loader.loadClass("com.acme.Job").getConstructor().newInstance();
        supply.isGone = true;
        assertThatThrownBy(job::call)
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("com.acme.Later")
                .hasMessageContaining("client 1")
                .hasMessageContaining("was closed")
                .hasCauseInstanceOf(ConnectionException.class);
        assertThat(loader.getResource("later.txt")).isNull();
        assertThatThrownBy(() -> loader.getResources("later.txt"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("client 1");
    }

    @Test
    void aDamagedFileOfTheCacheIsFetchedAnew() throws Exception {
        Path classes = compiled("return Job.class.getResource(\"a.txt\")", "");
        Files.writeString(classes.resolve("com/acme/a.txt"), "text");
        assertThat(text((URL) run(loader(classes)))).isEqualTo("text");
        try (var files = Files.list(cache.folder())) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(2);
            for (Path file : all) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
        }
        ShippedLoader again = loader(classes);
        assertThat(text((URL) run(again))).isEqualTo("text");
        assertThat(again.shippedBytes()).isPositive();
    }

    @Test
    void whatVanishesFromTheCacheIsFetchedAgain() throws Exception {
        Path classes = graph(20);
        ShippedLoader loader = loader(classes);
        Class<?> job = loader.loadClass("com.acme.Job");
        try (var files = Files.list(cache.folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(((Callable<?>) job.getConstructor().newInstance()).call()).isEqualTo(19);
    }

    @Test
    void anOriginWhoseOtherClassesHaveChangedStillGivesTheOneThatIsAskedFor() throws Exception {
        Path classes = graph(3);
        CodeOrigin origin = new CodeOrigin();
        TestSupply supply = new TestSupply(origin, Sources.loader(classes));
        origin.manifest("com/acme/Job.class");
        graph(2); // another class of the same name in another folder
        Files.copy(
                folder.resolve("graph2/com/acme/C1.class"),
                classes.resolve("com/acme/C1.class"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.write(classes.resolve("com/acme/C0.class"), new byte[3]);
        ShippedLoader loader = loader(supply);
        assertThat(loader.loadClass("com.acme.Job").getName()).isEqualTo("com.acme.Job");
    }

    @Test
    void manyThreadsLoadOneGraphAtOnce() throws Exception {
        TestSupply supply = TestSupply.of(Sources.loader(graph(200)));
        ShippedLoader loader = loader(supply);
        CyclicBarrier start = new CyclicBarrier(8);
        List<FutureTask<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Object> task = new FutureTask<>(() -> {
                start.await(30, TimeUnit.SECONDS);
                return run(loader);
            });
            tasks.add(task);
            new Thread(task).start();
        }
        for (FutureTask<Object> task : tasks) {
            assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo(199);
        }
        assertThat(supply.asked).containsExactly("com/acme/Job.class");
    }

    @Test
    void aLoaderIsCollectedWhenNothingOfItIsUsed() throws Exception {
        Path classes =
                compiled("return com.lib.Lib.class.getResource(\"Lib.class\").openStream().read()", "", "com.lib");
        WeakReference<ClassLoader> loader = usedAndDropped(classes);
        Collecting.until(() -> loader.refersTo(null));
        assertThat(loader.get()).isNull();
    }

    private Path compiled(String body, String more, String lib) throws IOException {
        Path jar = Sources.jar(
                folder.resolve("lib.jar"),
                new Sources()
                        .add("com/lib/Lib.java", "package " + lib + "; public class Lib { }")
                        .compile(folder.resolve("lib")),
                Map.of());
        job(body, more).option("-cp", jar.toString()).compile(folder.resolve("classes"));
        return jar;
    }

    private WeakReference<ClassLoader> usedAndDropped(Path jar) throws Exception {
        ShippedLoader loader = loader(folder.resolve("classes"), jar);
        assertThat(run(loader)).isEqualTo(0xCA);
        assertThat(loader.shipped()).hasSize(2);
        return new WeakReference<>(loader);
    }
}
