// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.processional.Processional.slave;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.CodecException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.StandInException;

/** Masters and slaves with different versions of a class, and of Java. */
@Timeout(300)
class VersionsTest {
    @TempDir
    Path folder;

    private Path compile(String version, String source) throws IOException {
        Path place = Files.createDirectories(folder.resolve(version));
        Path file = Files.writeString(folder.resolve("Item.java"), source);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "--release", "17", "-d", place.toString(), file.toString()))
                .isZero();
        return place;
    }

    private static SlaveProcess slaveWith(Path place) {
        List<Path> paths = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            paths.add(Path.of(path));
        }
        paths.add(place);
        return slave(SlaveOptions.builder().classPath(paths).build());
    }

    private static Object newItem() throws ReflectiveOperationException {
        return Class.forName("Item", true, Thread.currentThread().getContextClassLoader())
                .getConstructor()
                .newInstance();
    }

    private static int throwItem() throws Exception {
        throw (Exception) newItem();
    }

    @Test
    void aClassThatDiffersIsNamedInTheCall() throws Exception {
        String item = "public class Item extends Exception { private static final long serialVersionUID = %dL;"
                + " public Item() { super(\"an item\"); } }";
        Path here = compile("here", String.format(item, 1));
        Path there = compile("there", String.format(item, 2));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {here.toUri().toURL()}, before);
                SlaveProcess slave = slaveWith(there)) {
            thread.setContextClassLoader(loader);
            Object captured = newItem();
            assertDiffers(catchThrowable(() -> slave.invoke(() -> captured.hashCode())), 1, here, 2, there);
            assertThatThrownBy(() -> slave.invoke(() -> throwItem()))
                    .isInstanceOf(StandInException.class)
                    .hasToString("Item: an item");
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void assertDiffers(Throwable error, int idThere, Path there, int idHere, Path here)
            throws IOException {
        assertThat(error)
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("class Item has another serialVersionUID at the two ends: " + idThere + "L")
                .hasMessageContaining("from " + there.toUri().toURL())
                .hasMessageContaining(idHere + "L here, from " + here.toUri().toURL());
    }

    /** The home of a Java that this test does not run on; null if there is none. */
    private static Path otherJava() throws IOException {
        String own = "JAVA_VERSION=\"" + Runtime.version().feature();
        Path all = Path.of(System.getProperty("java.home")).resolveSibling(".");
        try (Stream<Path> homes = Files.list(all)) {
            for (Path home : homes.sorted().toList()) {
                Path release = home.resolve("release");
                boolean usable = Files.isExecutable(home.resolve("bin/java")) && Files.isRegularFile(release);
                String text = usable ? Files.readString(release) : own;
                if (!text.contains(own) && !text.contains("JAVA_VERSION=\"1.") && !text.contains("JAVA_VERSION=\"11")) {
                    return home;
                }
            }
            return null;
        }
    }

    private static int fail() throws IOException {
        IOException error = new IOException("from afar", new IllegalStateException("why"));
        error.addSuppressed(new IndexOutOfBoundsException("beside"));
        throw error;
    }

    @Test
    void aJavaThatIsTooOldIsNamedBeforeItIsStarted() throws IOException {
        Path home = folder.resolve("old");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.copy(Path.of(System.getProperty("java.home"), "bin", "java"), java);
        for (String version : List.of("11.0.2", "1.8.0_292")) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
            assertThatThrownBy(() -> slave(SlaveOptions.builder().javaHome(home).build()))
                    .isInstanceOf(SlaveStartException.class)
                    .hasMessageContaining(home + " is Java " + (version.startsWith("11") ? 11 : 8))
                    .hasMessageContaining("slaves need Java 17 or later");
        }
    }

    @Test
    void mastersAndSlavesMayRunDifferentJavas() throws IOException {
        Path home = otherJava();
        Assumptions.assumeTrue(home != null, "only one Java is here");
        try (SlaveProcess slave = slave(SlaveOptions.builder().javaHome(home).build())) {
            int feature = slave.invoke(() -> Runtime.version().feature());
            assertThat(feature).isNotEqualTo(Runtime.version().feature());
            Map<String, Object> map = Map.of("list", List.of(1, 2), "bits", BitSet.valueOf(new long[] {5}));
            assertThat(slave.invoke(() -> map)).isEqualTo(map);
            Throwable error = catchThrowable(() -> slave.invoke(() -> fail()));
            assertThat(error)
                    .isInstanceOf(IOException.class)
                    .hasMessage("from afar")
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasSuppressedException(new IndexOutOfBoundsException("beside"))
                    .hasStackTraceContaining("ran in process " + slave.pid());
        }
    }
}
