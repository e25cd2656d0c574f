// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.Limits;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.examples.FirstCall;
import org.processional.examples.Hello;

/** What the pages show does what they say. */
@Timeout(120)
class GuidesTest {
    private static SlaveProcess process;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        process = slave();
    }

    @AfterAll
    static void end() {
        process.close();
    }

    @Test
    void threads() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "one\ntwo\n");
        assertThat(ThreadsGuide.result(file)).isEqualTo(2);
        assertThat(ThreadsGuide.result(folder.resolve("missing"))).isEqualTo(-1);
        assertThat(ThreadsGuide.limited()).isEqualTo("cancelled: true");
        assertThat(ThreadsGuide.options()).isEqualTo("backup");
        assertThat(ThreadsGuide.slave()).isEqualTo(10);
        assertThat(ThreadsGuide.slaveOptions()).isTrue();
        assertThat(ThreadsGuide.adopt()).containsExactly("by the adopted thread");
        assertThat(ThreadsGuide.loop()).isEqualTo("loop");
        assertThat(ThreadsGuide.region()).isIn(List.of(), List.of("first half", "second half"));
        assertThat(ThreadsGuide.all()).containsExactly(1, 2, 3);
        assertThat(ThreadsGuide.any()).isEqualTo("a mirror");
        assertThat(ThreadsGuide.future()).isEqualTo(21);
        assertThat(ThreadsGuide.executor()).startsWith("processional-slave-").endsWith(" true");
    }

    @Test
    void processes() throws Exception {
        assertThat(ProcessesGuide.invoke(process)).isEqualTo(42);
        assertThat(ProcessesGuide.schedule(process)).containsExactly(1, 2, 3);
        assertThat(ProcessesGuide.wrap(process)).isEqualTo(4);
        assertThat(ProcessesGuide.executor(process)).isEqualTo(5);
        assertThat(ProcessesGuide.results(process)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void processesOfTheirOwn() {
        assertThat(ProcessesGuide.options()).isEqualTo("hello");
        assertThat(ProcessesGuide.several()).isEqualTo(285);
        assertThat(ProcessesGuide.death()).isEqualTo("exit code 3");
    }

    @Test
    void servers() throws Exception {
        assertThat(ServersGuide.spawned("unix:" + folder.resolve("one"))).isEqualTo(1);
        assertThat(ServersGuide.here("unix:" + folder.resolve("two"))).isEqualTo(1);
        assertThat(System.getProperty("account")).isEqualTo("open");
        assertThat(ServersGuide.persistent(SlaveOptions.builder()
                        .address("unix:" + folder.resolve("three"))
                        .build()))
                .contains(0);
        String address = "unix:" + folder.resolve("four");
        try (Server server = serve(address)) {
            assertThat(ServersGuide.travelling(server.address())).isEqualTo(499_999_500_000L);
        }
        assertThat(ServersGuide.limited().limits())
                .isEqualTo(Limits.builder()
                        .connections(100)
                        .exports(10_000)
                        .threads(50)
                        .build());
        assertThat(ServersGuide.patient().connectLimit()).hasSeconds(30);
    }

    @Test
    void remoteObjects() {
        assertThat(RemoteObjectsGuide.wrapped()).isEqualTo(499_999_500_000L + 2_000_000);
        assertThat(RemoteObjectsGuide.standIn(process)).isEqualTo(2);
        assertThat(RemoteObjectsGuide.exported())
                .isEqualTo(IntStream.range(0, 10).map(i -> 10 * i).boxed().toList());
        assertThat(RemoteObjectsGuide.scoped(process)).isEqualTo(2);
    }

    @Test
    void sharedMemory() {
        assertThat(SharedMemoryGuide.image(10, 10)).isEqualTo(4950);
    }

    @Test
    void failures() throws IOException {
        List<String> shown = shown("failures.md");
        assertThatThrownBy(FailuresGuide::run)
                .isInstanceOf(IOException.class)
                .hasMessage("line 3 is no number")
                .hasCauseInstanceOf(NumberFormatException.class)
                .satisfies(failure -> {
                    StringWriter trace = new StringWriter();
                    failure.printStackTrace(new PrintWriter(trace, true));
                    assertThat(ownLines(trace.toString(), "FailuresGuide")).isEqualTo(ownLines(shown.get(0), "Main"));
                });
        assertThatThrownBy(FailuresGuide::death)
                .satisfies(failure -> assertThat(anyProgram(failure.toString()))
                        .isEqualTo(anyProgram(shown.get(1)).strip()));
    }

    /** Of a trace what is not of libraries: exceptions, borders, and the methods of a class. */
    private static List<String> ownLines(String trace, String type) {
        return trace.lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("at ") || line.contains("--- ") || line.contains("." + type + "."))
                .filter(line -> !line.startsWith("..."))
                .map(line -> line.replaceAll("^at .*\\." + type + "\\.((lambda\\$)?\\w+)[$(].*", "$1")
                        .replaceAll("^(lambda\\$[a-z]+).*", "$1")
                        .replaceAll("\\d+", "N"))
                .toList();
    }

    /** The outputs on a page. */
    private static List<String> shown(String page) throws IOException {
        return Pattern.compile("```text\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", page)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @Test
    void hello() {
        assertThat(printed(() -> Hello.main(new String[0])))
                .isEqualTo("the thread says 42%nhello from another JVM%n".formatted());
        assertThat(printed(() -> FirstCall.main(new String[0]))).isEqualTo("sum is 499999500000%n".formatted());
    }

    private static String printed(Runnable program) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void cancelling() throws IOException {
        String expected = anyProgram(String.join("", shown("cancelling.md")));
        String onABusyMachine = expected.replaceFirst(
                "it was running in thread main .*?, at FRAME", "its process did not say what it was doing");
        assertThat(anyProgram(printed(CancellingGuide::ladder))).isIn(expected, onABusyMachine);
        assertThat(CancellingGuide.limited(process)).isGreaterThan(2); // the page alone has more
    }

    /** The text without line breaks, numbers, names of classes and frames of stacks. */
    private static String anyProgram(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll("[\\w.]+\\(\\w+\\.java:\\d+\\)", "FRAME")
                .replaceAll("a lambda of [\\w.]+", "a lambda of CLASS")
                .replaceAll("\\d+", "N");
    }
}
