// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.CodecException;
import org.processional.engine.code.ContentRequest.Part;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;
import org.processional.engine.testing.Collecting;

@Timeout(60)
final class CodeOriginTest {
    @TempDir
    Path folder;

    private final CodeOrigin origin = new CodeOrigin();

    private List<Entry> manifest(String name) {
        return Manifest.read(origin.manifest(name)).entries();
    }

    private static ByteBuffer request(Part... parts) {
        return new ContentRequest(List.of(parts)).write();
    }

    private Path classes() throws Exception {
        return new Sources()
                .add(
                        "com/acme/A.java",
                        "package com.acme; public class A { B b; static C[][] c(D d) { E.run(); return null; } }")
                .add("com/acme/B.java", "package com.acme; @Deprecated public class B { java.util.List<F> f; }")
                .add("com/acme/C.java", "package com.acme; public class C { }")
                .add("com/acme/D.java", "package com.acme; public class D { }")
                .add("com/acme/E.java", "package com.acme; public class E { static void run() { } }")
                .add("com/acme/F.java", "package com.acme; public class F { }")
                .compile(folder.resolve("classes"));
    }

    @Test
    void aManifestHasWhatAClassNamesNearestFirst() throws Exception {
        ClassLoader loader = Sources.loader(classes());
        origin.offer(loader);
        List<Entry> entries = manifest("com/acme/A.class");
        assertThat(entries.get(0).name()).isEqualTo("com/acme/A.class");
        assertThat(entries)
                .extracting(Entry::name)
                .containsExactlyInAnyOrder(
                        "com/acme/A.class",
                        "com/acme/B.class",
                        "com/acme/C.class",
                        "com/acme/D.class",
                        "com/acme/E.class");
        for (Entry entry : entries) {
            byte[] bytes = Files.readAllBytes(folder.resolve("classes").resolve(entry.name()));
            assertThat(entry.kind()).isEqualTo(Kind.CLASS);
            assertThat(entry.hash()).isEqualTo(Hash.of(bytes));
            assertThat(entry.bytes()).isEqualTo(bytes.length);
        }
        assertThat(manifest("com/acme/A.class")).isEqualTo(entries);
        assertThat(manifest("com/acme/B.class"))
                .as("was listed, and is what is asked for")
                .extracting(Entry::name)
                .containsExactly("com/acme/B.class");
        Reference.reachabilityFence(loader);
    }

    @Test
    void onlyAnnouncedContentsAreGiven() throws Exception {
        ClassLoader loader = Sources.loader(classes());
        origin.offer(loader);
        byte[] bytes = Files.readAllBytes(folder.resolve("classes/com/acme/C.class"));
        Hash hash = Hash.of(bytes);
        assertThatThrownBy(() -> origin.content(request(new Part(hash, 0))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(hash.hex());
        manifest("com/acme/C.class");
        ByteBuffer answer =
                origin.content(request(new Part(hash, 0), new Part(hash, 10), new Part(hash, bytes.length)));
        assertThat(ContentRequest.nextPiece(answer)).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(ContentRequest.nextPiece(answer)).isEqualTo(ByteBuffer.wrap(bytes, 10, bytes.length - 10));
        assertThat(ContentRequest.nextPiece(answer).remaining()).isZero();
        assertThat(answer.hasRemaining()).isFalse();
        for (long offset : new long[] {-1, bytes.length + 1L}) {
            assertThatThrownBy(() -> origin.content(request(new Part(hash, offset))))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("com/acme/C.class");
        }
        Reference.reachabilityFence(loader);
    }

    @Test
    void anAnswerHasAtMostAMebibyte() throws Exception {
        Path big = Files.createDirectory(folder.resolve("big"));
        Files.write(big.resolve("a.bin"), new byte[(1 << 20) - 3]);
        Files.write(big.resolve("b.bin"), new byte[5 << 20]);
        ClassLoader loader = Sources.loader(big);
        origin.offer(loader);
        Part a = new Part(manifest("a.bin").get(0).hash(), 0);
        Part b = new Part(manifest("b.bin").get(0).hash(), 0);
        assertThat(origin.content(request(b, a)).remaining()).isBetween((1 << 20) - 5, 1 << 20);
        for (Part[] parts : new Part[][] {{a, a}, {a, b}, {new Part(a.hash(), 10), b}}) {
            assertThat(origin.content(request(parts)).remaining()).isLessThanOrEqualTo(1 << 20);
        }
        Reference.reachabilityFence(loader);
    }

    @Test
    void namesOfTheJdkOfProcessionalAndNoNamesHaveEmptyManifests() {
        for (String name : List.of(
                "java/lang/Object.class",
                "java/sql/Driver.class",
                "com/sun/tools/javac/Main.class",
                "jdk/internal/misc/Unsafe.class",
                "org/processional/Processional.class",
                "org/processional/spi/Codec.class",
                "org/processional/engine/code/CodeOrigin.class",
                "org/processional/codec/jboss/RiverCodecProvider.class",
                "com/acme/None.class",
                "none.txt",
                "",
                "/etc/passwd",
                "../../etc/passwd",
                "org/junit/jupiter/api/",
                "org/junit/jupiter/api")) {
            assertThat(manifest(name)).as(name).isEmpty();
        }
    }

    @Test
    void aJarIsListedOnceAndWhatItNeedsOfOtherPlacesToo() throws Exception {
        Path far = new Sources()
                .add("com/far/Far.java", "package com.far; public class Far { }")
                .compile(folder.resolve("far"));
        Path lib = new Sources()
                .add("com/lib/Lib.java", "package com.lib; public class Lib extends Twin { com.far.Far far; }")
                .add("com/lib/Twin.java", "package com.lib; public class Twin { }")
                .option("-cp", far.toString())
                .compile(folder.resolve("lib"));
        Path jar = Sources.jar(folder.resolve("lib-1.jar"), lib, Map.of());
        Path job = new Sources()
                .add(
                        "com/acme/Job.java",
                        "package com.acme; class Job { com.lib.Lib lib; com.lib.Twin twin; Help help; }")
                .add("com/acme/Help.java", "package com.acme; class Help { }")
                .option("-cp", jar.toString())
                .compile(folder.resolve("job"));
        ClassLoader loader = Sources.loader(job, jar, far);
        origin.offer(loader);
        List<Entry> entries = manifest("com/acme/Job.class");
        assertThat(entries)
                .extracting(Entry::kind, Entry::name, Entry::file)
                .containsExactly(
                        tuple(Kind.CLASS, "com/acme/Job.class", "Job.class"),
                        tuple(Kind.JAR, "com/lib/Lib.class", "lib-1.jar"),
                        tuple(Kind.CLASS, "com/acme/Help.class", "Help.class"),
                        tuple(Kind.CLASS, "com/far/Far.class", "Far.class"));
        assertThat(entries.get(1).hash()).isEqualTo(Hash.of(Files.readAllBytes(jar)));
        assertThat(manifest("com/lib/Twin.class"))
                .extracting(Entry::kind, Entry::name)
                .containsExactly(tuple(Kind.JAR, "com/lib/Twin.class"));
        Reference.reachabilityFence(loader);
    }

    @Test
    void aResourceOfManyJarsDoesNotBringThemAll() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        ClassLoader loader = Sources.loader(
                Sources.jar(folder.resolve("1.jar"), empty, Map.of("X", "1")),
                Sources.jar(folder.resolve("2.jar"), empty, Map.of("X", "2")));
        origin.offer(loader);
        List<Entry> entries = manifest("META-INF/MANIFEST.MF");
        assertThat(entries.get(0).kind()).isEqualTo(Kind.JAR);
        assertThat(entries.get(0).file()).isEqualTo("1.jar");
        assertThat(entries.get(1).kind()).isEqualTo(Kind.RESOURCE);
        Reference.reachabilityFence(loader);
    }

    @Test
    void classesOfNestedJarsComeByThemselves() throws Exception {
        Path inner = Sources.jar(folder.resolve("inner.jar"), classes(), Map.of());
        byte[] bytes = Files.readAllBytes(inner);
        Path outer = folder.resolve("outer.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(outer))) {
            ZipEntry entry = new ZipEntry("BOOT-INF/lib/inner.jar");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            entry.setCrc(crc.getValue());
            out.putNextEntry(entry);
            out.write(bytes);
            out.closeEntry();
        }
        ClassLoader loader = new NestedLoader(outer, bytes);
        origin.offer(loader);
        List<Entry> entries = manifest("com/acme/A.class");
        assertThat(entries)
                .hasSize(5)
                .allSatisfy(entry -> assertThat(entry.kind()).isEqualTo(Kind.CLASS));
        Reference.reachabilityFence(loader);
    }

    @Test
    void modulesGiveTheirClassesAndTheirClosedResources() throws Exception {
        Path exploded = new Sources()
                .add("module-info.java", "module com.acme.app { }")
                .add("com/acme/app/Job.java", "package com.acme.app; public class Job { Part part; }")
                .add("com/acme/app/Part.java", "package com.acme.app; class Part { }")
                .compile(folder.resolve("module"));
        Files.writeString(exploded.resolve("com/acme/app/closed.txt"), "closed");
        Path jar = Sources.jar(folder.resolve("app.jar"), exploded, Map.of());
        for (Path path : List.of(exploded, jar)) {
            CodeOrigin own = new CodeOrigin();
            Configuration configuration = ModuleLayer.boot()
                    .configuration()
                    .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("com.acme.app"));
            ModuleLayer layer =
                    ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
            Class<?> job = layer.findLoader("com.acme.app").loadClass("com.acme.app.Job");
            own.offer(job);
            List<Entry> entries =
                    Manifest.read(own.manifest("com/acme/app/Job.class")).entries();
            assertThat(entries).hasSize(path == jar ? 1 : 2);
            assertThat(entries.get(0).kind()).isEqualTo(path == jar ? Kind.JAR : Kind.CLASS);
            assertThat(Manifest.read(own.manifest("com/acme/app/closed.txt")).entries())
                    .hasSize(1);
            Reference.reachabilityFence(layer);
        }
    }

    @Test
    void aLoaderThatWasOfferedIsCollected() throws Exception {
        classes();
        WeakReference<ClassLoader> loader = offered();
        Collecting.until(() -> loader.refersTo(null));
        assertThat(manifest("com/acme/C.class")).isEmpty();
    }

    private WeakReference<ClassLoader> offered() {
        ClassLoader loader = Sources.loader(folder.resolve("classes"));
        origin.offer(loader);
        return new WeakReference<>(loader);
    }

    @Test
    void aLoaderThatIsOfferedLaterIsAsked() throws Exception {
        Path classes = classes();
        assertThat(manifest("com/acme/C.class")).isEmpty();
        ClassLoader loader = Sources.loader(classes);
        origin.offer(loader);
        assertThat(manifest("com/acme/C.class")).hasSize(1);
        Reference.reachabilityFence(loader);
    }

    @Test
    void damagedMessagesAreRefused() {
        assertThatThrownBy(() -> Manifest.read(ByteBuffer.wrap(new byte[] {5, 1})))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Manifest.read(
                        ByteBuffer.wrap(new byte[64]).put(0, (byte) 1).put(1, (byte) 9)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("kind 9");
        assertThatThrownBy(() -> origin.content(ByteBuffer.wrap(new byte[] {5, 1})))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> ContentRequest.nextPiece(ByteBuffer.wrap(new byte[] {5, 1})))
                .isInstanceOf(CodecException.class);
        assertThat(ClassReferences.of(new byte[] {1, 2, 3})).isEmpty();
    }
}
