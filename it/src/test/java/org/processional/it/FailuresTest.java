// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.StandInException;
import org.processional.Task;
import org.processional.TaskFailedException;

/** What failures tell that come from other processes, over any number of hops. */
@Timeout(300)
class FailuresTest {
    private static SlaveProcess slave;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        Path source = Files.writeString(
                folder.resolve("Stranger.java"),
                "public class Stranger extends Exception { public Stranger(Throwable cause) { super(\"from afar\", cause); } }");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", folder.toString(), source.toString()))
                .isZero();
        slave = slave();
    }

    @AfterAll
    static void end() {
        slave.close();
    }

    private static List<String> borders(Throwable error) {
        List<String> borders = new ArrayList<>();
        for (StackTraceElement frame : error.getStackTrace()) {
            if (frame.getClassName().startsWith("---")) {
                borders.add(String.valueOf(frame.getFileName()));
            }
        }
        return borders;
    }

    private static List<String> methods(Throwable error) {
        List<String> methods = new ArrayList<>();
        for (StackTraceElement frame : error.getStackTrace()) {
            methods.add(frame.getMethodName());
        }
        return methods;
    }

    private static String askedIn(long pid) {
        return "ran in process " + pid + ", asked for by";
    }

    private static String print(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static int inThread() throws IOException {
        try {
            return thread(() -> Heavy.fail("at the bottom")).await();
        } catch (TaskFailedException e) {
            throw (IOException) e.getCause();
        }
    }

    private static int inSlaveOfSlave() throws IOException {
        try (SlaveProcess inner = slave()) {
            long pid = inner.pid();
            try {
                return inner.invoke(() -> inThread());
            } catch (IOException e) {
                throw new IOException(String.valueOf(pid), e); // to be told apart in the master
            }
        }
    }

    @Test
    void twoHopsShowBothTheInnermostFirst() {
        Throwable error = catchThrowable(() -> slave.invoke(() -> inThread()));
        assertThat(error).isInstanceOf(IOException.class).hasMessage("at the bottom");
        assertThat(borders(error)).hasSize(2).last().isEqualTo(askedIn(slave.pid()));
        assertThat(borders(error).get(0)).startsWith("ran in thread processional-thread-");
        assertThat(methods(error)).containsSubsequence("fail", "invoke", "inThread", "invoke");
        assertThat(methods(error)).contains("twoHopsShowBothTheInnermostFirst");
    }

    @Test
    void threeHopsShowAllTheInnermostFirst() {
        Throwable outer = catchThrowable(() -> slave.invoke(() -> inSlaveOfSlave()));
        assertThat(borders(outer)).containsExactly(askedIn(slave.pid()));
        Throwable error = outer.getCause();
        assertThat(error).isInstanceOf(IOException.class).hasMessage("at the bottom");
        assertThat(borders(error)).hasSize(2).last().isEqualTo(askedIn(Long.parseLong(outer.getMessage())));
        assertThat(methods(error)).containsSubsequence("fail", "inThread", "invoke", "inSlaveOfSlave");
        assertThat(methods(outer)).containsSubsequence("inSlaveOfSlave", "threeHopsShowAllTheInnermostFirst");
    }

    private static int straightThrough() throws IOException {
        try (SlaveProcess inner = slave()) {
            return inner.invoke(() -> inThread());
        }
    }

    @Test
    void oneObjectThroughThreeHopsShowsEachOnce() {
        Throwable error = catchThrowable(() -> slave.invoke(() -> straightThrough()));
        assertThat(borders(error)).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(askedIn(slave.pid()));
        assertThat(methods(error))
                .containsSubsequence("fail", "inThread", "straightThrough", "oneObjectThroughThreeHopsShowsEachOnce");
    }

    @Test
    void whoSubmittedShowsAlsoIfOthersAwait() throws Exception {
        Task<Integer> task = submit();
        List<Throwable> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Task<Throwable> other = thread(() -> catchThrowable(task::await));
            seen.add(other.await().getCause());
        }
        assertThat(seen).allSatisfy(error -> assertThat(error).isSameAs(seen.get(0)));
        assertThat(borders(seen.get(0))).containsExactly(askedIn(slave.pid()));
        assertThat(methods(seen.get(0))).containsSubsequence("fail", "submit", "whoSubmittedShowsAlsoIfOthersAwait");
    }

    private static Task<Integer> submit() {
        return slave.schedule(() -> Heavy.fail("later"));
    }

    private static int failWithAll() {
        IllegalStateException error = new IllegalStateException("outer", new IOException("why", new Error("deep")));
        error.addSuppressed(new IOException("beside", new IllegalArgumentException("its cause")));
        throw error;
    }

    @Test
    void causesAndSuppressedArriveAsTheyAre() {
        Throwable error = catchThrowable(() -> slave.invoke(() -> failWithAll()));
        assertThat(error).isInstanceOf(IllegalStateException.class).hasMessage("outer");
        assertThat(error.getCause()).isInstanceOf(IOException.class).hasMessage("why");
        assertThat(error.getCause().getCause()).isExactlyInstanceOf(Error.class).hasMessage("deep");
        assertThat(error.getSuppressed()).hasSize(1);
        assertThat(error.getSuppressed()[0])
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(methods(error.getCause())).contains("failWithAll");
    }

    private static int failInCircles() throws Exception {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        b.addSuppressed(a);
        throw a;
    }

    @Test
    void circularCausesArriveAsCircles() {
        Throwable error = catchThrowable(() -> slave.invoke(() -> failInCircles()));
        assertThat(error).isExactlyInstanceOf(Exception.class).hasMessage("a");
        assertThat(error.getCause().getCause()).isSameAs(error);
        assertThat(error.getCause().getSuppressed()).containsExactly(error);
    }

    private static int throwStranger() throws Exception {
        Exception cause = new IOException("why");
        cause.addSuppressed(new IllegalStateException("beside"));
        throw (Exception)
                Class.forName("Stranger").getConstructor(Throwable.class).newInstance(cause);
    }

    private static int throwStrangerBelow(List<String> classPath) throws Exception {
        List<Path> paths = classPath.stream().map(Path::of).toList();
        try (SlaveProcess inner = slave(SlaveOptions.builder().classPath(paths).build())) {
            return inner.invoke(() -> throwStranger());
        }
    }

    @Test
    void aStandInPrintsLikeTheOriginalAfterTwoHops() {
        List<String> classPath =
                new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        classPath.add(folder.toString());
        Throwable error = catchThrowable(() -> slave.invoke(() -> throwStrangerBelow(classPath)));
        assertThat(error)
                .isInstanceOfSatisfying(
                        StandInException.class,
                        e -> assertThat(e.originalClassName()).isEqualTo("Stranger"));
        assertThat(borders(error)).hasSize(2).last().isEqualTo(askedIn(slave.pid()));
        assertThat(print(error))
                .startsWith("Stranger: from afar\n\tat ")
                .containsSubsequence(
                        "FailuresTest.throwStranger(",
                        "--- processional",
                        "FailuresTest.throwStrangerBelow(",
                        "--- processional",
                        "FailuresTest.aStandInPrintsLikeTheOriginalAfterTwoHops(",
                        "Caused by: java.io.IOException: why",
                        "Suppressed: java.lang.IllegalStateException: beside");
    }

    @Test
    void theDeathOfASlaveTellsEachTaskWhoAskedForIt() throws IOException {
        FileGate gate = FileGate.in(folder, "gate");
        try (SlaveProcess other = slave()) {
            other.schedule(() -> gate.pass());
            Task<Integer> ends = other.schedule(() -> exit());
            Task<Integer> behind = scheduleBehind(other);
            gate.open();
            Throwable first = catchThrowable(ends::await);
            Throwable second = catchThrowable(behind::await);
            assertThat(first).isInstanceOf(SlaveDiedException.class).hasMessageContaining("7");
            assertThat(second).isInstanceOf(SlaveDiedException.class).hasMessage(first.getMessage());
            assertThat(borders(first)).containsExactly(askedIn(other.pid()));
            assertThat(borders(second)).containsExactly(askedIn(other.pid()));
            assertThat(methods(first)).contains("theDeathOfASlaveTellsEachTaskWhoAskedForIt");
            assertThat(methods(first)).doesNotContain("scheduleBehind");
            assertThat(methods(second)).contains("scheduleBehind");
            assertThat(catchThrowable(behind::await)).isSameAs(second);
        }
    }

    private static int exit() {
        System.exit(7);
        return 0;
    }

    private static Task<Integer> scheduleBehind(SlaveProcess process) {
        return process.schedule(() -> 1);
    }

    @Test
    void whatNobodySawIsLoggedWithWhoAskedForIt() {
        try (LogCapture log = new LogCapture()) {
            submit();
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            org.awaitility.Awaitility.await().until(() -> {
                System.gc();
                return log.text().contains("FailuresTest.submit");
            });
            assertThat(log.text()).contains("java.io.IOException: later", "asked for by");
        }
    }
}
