// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.Call;
import org.processional.Output;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Archives of class data: made by real JVMs in the background, used by the slaves that come after, seen by nobody. */
@Tag("alone")
@Timeout(180)
class ArchiveTest {
    private static final Path ARCHIVES = Path.of(System.getenv("XDG_CACHE_HOME"), "processional", "archives");
    private static final String SHARED = "org.processional.engine.process.SlaveMain source: shared objects file";

    @TempDir
    Path folder;

    private final List<Path> jars = new ArrayList<>(); // copies, so that nobody else has their key

    @BeforeEach
    void copyJars() throws IOException {
        try (Stream<Path> libraries = Files.list(Path.of(System.getProperty("processional.modulepath")))) {
            for (Path jar : libraries.toList()) {
                Path copy = folder.resolve(jar.getFileName());
                Files.copy(jar, copy, StandardCopyOption.COPY_ATTRIBUTES);
                jars.add(copy);
            }
        }
    }

    private SlaveOptions.Builder options() {
        return SlaveOptions.builder().classPath(jars).output(Output.LOG);
    }

    /** Which classes a slave takes from where. */
    private String start(SlaveOptions.Builder options) throws IOException {
        Path log = folder.resolve("classes.log");
        SlaveOptions logging =
                options.flags("-Xlog:class+load:file=" + log + "::filecount=0").build();
        try (LogCapture printed = new LogCapture();
                SlaveProcess slave = Processional.slave(logging)) {
            assertThat(slave.invoke(Asked.function())).isEqualTo(42);
            assertThat(printed.text()).doesNotContain("[aot", "[cds", "archive", "AOT");
        }
        return Files.readString(log);
    }

    private static Set<Path> archives() throws IOException {
        if (!Files.exists(ARCHIVES)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(ARCHIVES)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]+[.](jsa|aot)")) // not .fresh-*
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    /** Those that were not there before; where the folder is full, others have gone. */
    private static Set<Path> since(Set<Path> before) throws IOException {
        Set<Path> made = archives();
        made.removeAll(before);
        return made;
    }

    /** Starts three slaves, and waits for the archive that they lead to. */
    private Path makeArchive() throws IOException {
        Set<Path> before = archives();
        for (int i = 0; i < 3; i++) {
            assertThat(start(options())).doesNotContain(SHARED);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> !since(before).isEmpty());
        Set<Path> made = since(before);
        assertThat(made).hasSize(1);
        return made.iterator().next();
    }

    /** In one test, since each archive takes seconds to make. */
    @Test
    void aBrokenOneIsSilentAndMadeAgainTheFourthSlaveUsesItAndAChangedJarLeadsToAnother() throws IOException {
        Path first = makeArchive();
        int length = (int) Files.size(first);
        Files.delete(first); // it is mapped by nobody
        Files.write(first, new byte[length]);
        assertThat(start(options())).doesNotContain(SHARED);
        await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(first));
        assertThat(makeArchive()).isEqualTo(first);
        assertThat(start(options())).contains(SHARED);

        await().until(() -> ofThisTest() == 0); // neither slaves nor who made the archive
        Files.setLastModifiedTime(jars.get(0), FileTime.fromMillis(1_000_000_000_000L));
        assertThat(makeArchive()).isNotEqualTo(first);
        assertThat(start(options())).contains(SHARED);
    }

    /** Of a path of its own, so that its master offers it code as well: until the function comes, no jar is opened. */
    @Test
    void whatASlaveNeedsUntilItsFirstFunctionIsAllInTheArchive() throws IOException {
        Path jar = folder.resolve("asked.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = Asked.class.getResourceAsStream("ArchiveTest$Asked.class")) {
            out.putNextEntry(new JarEntry(Asked.class.getName().replace('.', '/') + ".class"));
            in.transferTo(out);
        }
        jars.add(jar);
        makeArchive();
        List<String> loaded = start(options()).lines().toList();
        int function = 0;
        while (!loaded.get(function).contains(Asked.class.getName())) {
            assertThat(loaded.get(function)).doesNotContain("source: file:");
            function++;
        }
        assertThat(loaded.subList(0, function)).anyMatch(line -> line.contains(SHARED));
    }

    /** What a slave runs, in a class that a jar can have. */
    private static final class Asked {
        static Call<Integer, RuntimeException> function() {
            return () -> 6 * 7;
        }
    }

    private long ofThisTest() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.filter(child -> Jvm.isAlive(child.pid()))
                    .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
                    .count();
        }
    }

    @Test
    void thereIsNoneWhereItIsOff() throws IOException {
        Set<Path> before = Files.exists(ARCHIVES) ? list() : Set.of();
        for (int i = 0; i < 4; i++) {
            assertThat(start(options().archive(false))).doesNotContain(SHARED);
        }
        assertThat(Files.exists(ARCHIVES) ? list() : Set.of()).isEqualTo(before);
    }

    private static Set<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(ARCHIVES)) {
            return files.collect(Collectors.toSet());
        }
    }
}
