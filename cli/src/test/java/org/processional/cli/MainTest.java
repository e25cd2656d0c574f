// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Processional;
import org.processional.Server;
import org.processional.SlaveProcess;

/** What the terminal sees: row X1 of BEHAVIOUR.md has -a, -m, -p, -d and -h. */
@Timeout(120)
class MainTest extends CommandRuns {
    @Test
    void helpNamesEveryCommand() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "demo",
                        "serve",
                        "status",
                        "stop",
                        "transports",
                        "doctor",
                        "bench",
                        "soak",
                        "completion",
                        "--version")
                .contains("Exit codes:", "3   what was checked");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "serve",
                "status",
                "stop",
                "transports",
                "doctor",
                "bench",
                "soak",
                "completion",
                "version"
            })
    void x1_everyCommandHasHelp(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(run(command, "-h")).isZero();
        assertThat(out.toString()).startsWith("Usage: processional " + command);
    }

    @Test
    void versionNamesTheJvmToo() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("processional ").contains("JVM " + Runtime.version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bake",
                "serve",
                "stop",
                "serve -a",
                "demo now",
                "stop unix:/a unix:/b",
                "stop a --wait=x",
                "bench --slow",
                "status",
                "completion fish",
                "doctor --without water",
                "soak --minutes many"
            })
    void whatIsNotUnderstoodExitsWith2(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: processional");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void versionIsThereForProgramsToo() {
        assertThat(run("version", "--json")).isZero();
        assertThat(out.toString())
                .matches("\\{\"version\": .*, \"java\": \"" + Runtime.version().feature()
                        + ".*\", \"javaHome\": \".*\"\\}\\R");
    }

    @Test
    void aMistypedCommandIsGuessed() {
        assertThat(run("transport")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("processional: Unmatched argument")
                .contains("Did you mean", "transports", "Usage: processional");
        assertThat(err.toString().lines().count()).isLessThan(8);
    }

    @Test
    void everyCommandHasAnExample() {
        Main.commandLine().getSubcommands().forEach((name, line) -> {
            if (!name.equals("version")) {
                assertThat(line.getUsageMessage()).contains("Examples:").contains("  processional " + name);
            }
        });
    }

    @Test
    void transportsListsWhatThePathOffers() {
        assertThat(run("transports")).isZero();
        assertThat(out.toString().lines().findFirst().orElseThrow())
                .matches("SCHEME +MODULE +VERSION +PRIORITY +LONGEST FRAME +AVAILABLE");
        assertThat(out.toString().lines().filter(line -> line.startsWith("unix ")))
                .singleElement()
                .asString()
                .matches("unix +\\S+( path\\))? +\\S+ +100 +1073807360 +yes");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void transportsPrintsJson() {
        assertThat(run("transports", "--json")).isZero();
        assertThat(out.toString())
                .startsWith("[")
                .contains(
                        "{\"scheme\": \"unix\", \"module\": ",
                        "\"priority\": 100",
                        "\"available\": true, \"reason\": null}")
                .endsWith("]" + System.lineSeparator());
        Transports.Row row = new Transports.Row("x", "", "", -1, OptionalInt.empty(), Optional.of("it said \"no\"\n"));
        assertThat(row.json())
                .hasToString("{\"scheme\": \"x\", \"module\": null, \"version\": null, \"priority\": -1,"
                        + " \"maxFrameBytes\": null, \"available\": false, \"reason\": \"it said \\\"no\\\"\\u000a\"}");
        assertThat(row.cells()).contains("(depends)", "(unknown)", "(class path)");
    }

    @Test
    void stopSaysThatNobodyListens() {
        assertThat(run("stop", fresh())).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("processional: no server to stop at " + fresh());
    }

    @Test
    void benchSaysWhereItIs() {
        assertThat(run("bench", "--help")).isZero();
        assertThat(out.toString()).contains("--quick", "--all", "--filter", "--json", "--plot");
        assertThat(run("bench")).isEqualTo(1);
        assertThat(err.toString()).contains("bin/processional bench");
    }

    /** A program in the place of the bench, which writes down what it was given. */
    private static final String RECORDER = """
            package org.processional.bench;

            public class Compare {
                public static void main(String[] args) throws Exception {
                    java.nio.file.Files.write(java.nio.file.Path.of(args[args.length - 1]), java.util.List.of(args));
                    System.exit(3);
                }
            }
            """;

    @Test
    void benchRunsWhatIsInItsFolderAndPassesItsExitCodeOn() throws IOException {
        Path source = Files.writeString(directory.resolve("Compare.java"), RECORDER);
        Path plot = directory.resolve("plot");
        for (String folder : List.of("classes", "lib", "peers")) {
            Files.createDirectories(directory.resolve(folder));
        }
        assertThat(tool("javac", "-d", directory.resolve("classes").toString(), source.toString()))
                .isZero();
        assertThat(tool("jar", "cf", directory + "/bench.jar", "-C", directory + "/classes", "."))
                .isZero();
        System.setProperty(Bench.FOLDER, directory.toString());
        try {
            assertThat(run("bench", "--quick", "--filter", "a|b", "--plot=" + plot))
                    .isEqualTo(3);
        } finally {
            System.clearProperty(Bench.FOLDER);
        }
        assertThat(plot).hasContent(String.join("\n", "--quick", "--filter", "a|b", "--plot", plot.toString()));
        assertThat(err.toString()).isEmpty();
    }

    private static int tool(String name, String... args) {
        return ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, args);
    }

    @Test
    void anErrorIsOneLine() {
        assertThat(run("serve", "-a", "pigeon:coop")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("processional: ")
                .contains("\"pigeon\"", "unix");
    }

    @Test
    void verboseAddsTheStack() {
        assertThat(run("serve", "-a", "pigeon:coop", "--verbose")).isEqualTo(1);
        assertThat(err.toString()).startsWith("processional: ").contains("\tat org.processional.");
    }

    @Test
    void aMissingInitialClassIsNamed() {
        assertThat(run("serve", "-a", fresh(), "-m", "no.such.Thing")).isEqualTo(1);
        assertThat(err.toString()).startsWith("processional: class no.such.Thing is not on the class path");
    }

    @Test
    void aFailingInitialClassIsReportedBeforeAnybodyCanConnect() {
        assertThat(run("serve", "-a", fresh(), "-m", Failing.class.getName())).isEqualTo(1);
        assertThat(err.toString()).contains("failed: java.lang.IllegalStateException: no luck");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void serveTellsThePortThatItGotAndStopFindsIt() {
        String secret = "?secret-file=" + directory.resolve("secret");
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> run("serve", "-p", "-a", "tcp://127.0.0.1:0" + secret));
        await().atMost(Duration.ofSeconds(20)).until(() -> out.toString().contains("\n"));
        String address = out.toString().strip().substring("listening at ".length());
        assertThat(address).matches("tcp://127\\.0\\.0\\.1:[1-9][0-9]*\\?secret-file=.*");
        assertThat(run("stop", address + "2")).as("with another secret").isEqualTo(1);
        assertThat(err.toString()).contains("the secret is wrong");
        assertThat(exit).isNotDone();
        assertThat(run("stop", address)).isZero();
        assertThat(exit.join()).isZero();
    }

    @Test
    void anAddressInUseIsRefused() {
        try (Server server = Processional.serve(fresh())) {
            assertThat(run("serve", "-a", fresh())).isEqualTo(1);
            assertThat(err.toString()).startsWith("processional: ").contains("address in use");
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void x1_serveRunsTheInitialClassAndEndsWithItsLastClient() {
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> run("serve", "-a", fresh(), "-m", Initial.class.getName()));
        try (SlaveProcess client = Processional.client(fresh())) {
            assertThat(client.<String, RuntimeException>invoke(() -> System.getProperty("processional.cli.test")))
                    .isEqualTo("ran");
            await().during(Duration.ofMillis(300)).until(() -> !exit.isDone()); // it stays while somebody is there
        }
        assertThat(exit.join()).isZero();
        assertThat(out.toString()).startsWith("listening at " + fresh());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void x1_aPersistentServerGoesOnUntilItIsStopped() {
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> run("serve", "-p", "-a", fresh()));
        Processional.client(fresh()).close();
        await().during(Duration.ofMillis(300)).until(() -> !exit.isDone());
        assertThat(Main.commandLine().execute("stop", fresh())).isZero();
        assertThat(exit.join()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void stopGivesUpOnAServerThatIsBusy() throws InterruptedException {
        try (Server server = Processional.serve(fresh());
                SlaveProcess client = Processional.client(fresh())) {
            Busy.begin(client);
            try {
                assertThat(run("stop", fresh(), "--wait=1")).isEqualTo(1);
            } finally {
                Busy.end();
            }
            assertThat(err.toString())
                    .startsWith("processional: ")
                    .contains("has not ended within 1 s", "takes nothing new");
            assertThat(server.await(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void aWaitBelowZeroIsRefusedBeforeAnythingIsStopped() {
        try (Server server = Processional.serve(fresh())) {
            assertThat(run("stop", fresh(), "--wait=-1")).isEqualTo(2);
            assertThat(err.toString()).contains("--wait is -1");
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void aSecretComesFromAFile() throws IOException {
        Path right = secret("right", "open sesame, open sesame\n");
        Path wrong = secret("wrong", "open barley, open barley");
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(
                () -> run("serve", "-p", "-a", fresh(), "--secret-file", right.toString()));
        await().atMost(Duration.ofSeconds(20)).until(() -> out.toString().contains("listening at"));
        assertThat(run("status", fresh(), "--secret-file", wrong.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("the secret is wrong");
        assertThat(run("status", fresh(), "--secret-file=" + directory.resolve("none")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot be read");
        assertThat(run("status", fresh(), "--secret-file", right.toString())).isZero();
        assertThat(run("stop", fresh(), "--secret-file", right.toString())).isZero();
        assertThat(exit.join()).isZero();
    }

    private Path secret(String name, String secret) throws IOException {
        Path file = Files.writeString(directory.resolve(name), secret);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void aFileThatOthersMayKnowOrThatHoldsNoSecretIsRefused() throws IOException {
        Path open = secret("open", "open sesame, open sesame");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("status", fresh(), "--secret-file=" + open)).isEqualTo(1);
        assertThat(err.toString()).contains("secret file " + open, "rw-r--r--", "chmod 600");
        for (String unfit : new String[] {"", "short", "x".repeat(5000)}) {
            err.getBuffer().setLength(0);
            Path file = secret("unfit", unfit);
            assertThat(run("status", fresh(), "--secret-file=" + file)).isEqualTo(1);
            assertThat(err.toString()).contains("the secret file " + file + " does not hold a secret");
        }
    }

    @Test
    void aLogIsForAServerInTheBackgroundAndMustBeWritable() {
        Path log = directory.resolve("log");
        assertThat(run("serve", "-a", fresh(), "--log=" + log)).isEqualTo(2);
        assertThat(err.toString()).contains("--log is " + log, "add -d");
        Path nowhere = directory.resolve("none/log");
        assertThat(run("serve", "-d", "-a", fresh(), "--log=" + nowhere)).isEqualTo(1);
        assertThat(err.toString()).contains("the log " + nowhere + " cannot be written");
    }

    @Test
    void aServerInTheBackgroundListensWhereverItsLogGoesAndWhateverItsClassPrints() {
        assertThat(run("serve", "-d", "-p", "-a", fresh(), "--log=/dev/null", "-m", Boastful.class.getName()))
                .isZero();
        assertThat(run("status", fresh())).isZero();
        assertThat(run("stop", fresh())).isZero();
    }

    @Test
    void whatAServerInTheBackgroundPrintsGoesIntoAFile() throws IOException {
        Path log = directory.resolve("log");
        assertThat(run("serve", "-d", "-p", "-a", fresh(), "--log", log.toString()))
                .isZero();
        assertThat(err.toString()).contains("logs to " + log);
        String large = "x".repeat(200_000); // more than a pipe holds
        try (SlaveProcess client = Processional.client(fresh())) {
            client.invoke(() -> System.err.println(large));
            client.invoke(() -> System.out.println("said on the output"));
        }
        assertThat(run("stop", fresh())).isZero();
        assertThat(log).content().contains("listening at ", large, "said on the output");
    }

    @Test
    void x1_aDetachedServerIsAProcessOfItsOwn() throws IOException {
        Path log = Files.createTempFile("processional-test-", ".log");
        assertThat(run("serve", "-d", "-p", "-a", fresh(), "--log", log.toString()))
                .isZero();
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(out.toString().strip())).orElseThrow();
        assertThat(process.pid()).isNotEqualTo(ProcessHandle.current().pid());
        try (SlaveProcess client = Processional.client(fresh())) {
            assertThat(client.pid()).isEqualTo(process.pid());
        }
        assertThat(run("stop", fresh())).isZero();
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
        Files.delete(log);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDetachedServerThatCannotStartSaysWhy() {
        assertThat(run("serve", "-d", "-a", "unix:" + directory.resolve("none/server")))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("processional: ")
                .contains(directory.resolve("none").toString());
    }

    /** Over all transports under {@code -Pfull}. */
    static List<String> demos() {
        boolean full = Integer.getInteger("processional.rounds.percent", 10) == 100;
        return full
                ? List.of("demo", "demo --transport=unix", "demo --transport=shm", "demo --transport=tcp")
                : List.of("demo");
    }

    @ParameterizedTest
    @MethodSource("demos")
    void theDemoPrintsEachProgramAndItsTime(String line) {
        assertThat(run(line.split(" "))).isZero();
        assertThat(out.toString().lines().filter("sum is 499999500000"::equals)).hasSize(6);
        assertThat(out.toString().lines().filter("product is 0"::equals)).hasSize(5);
        assertThat(out.toString().lines()).containsSubsequence("25 %", "50 %", "75 %", "100 %");
        assertThat(out.toString()).contains("the server got org.processional.examples.Heavy\n");
        assertThat(out.toString()).containsPattern("-- 1\\. a thread with a result: \\d+\\.\\d\\d s\n");
    }

    @Test
    void theDemoNamesTheTransportsThatThereAre() {
        assertThat(run("demo", "--transport=pigeon")).isEqualTo(2);
        assertThat(err.toString()).contains("no transport pigeon; there are [", "unix");
        assertThat(out.toString()).isEmpty();
    }

    /** Its main method is what {@code -m} runs. */
    public static final class Initial {
        private Initial() {}

        public static void main(String[] args) {
            System.setProperty("processional.cli.test", "ran");
        }
    }

    /** It says what a server says when clients can connect, before they can. */
    public static final class Boastful {
        private Boastful() {}

        public static void main(String[] args) {
            System.out.println("listening at http://localhost:8080");
        }
    }

    /** Its main method fails. */
    public static final class Failing {
        private Failing() {}

        public static void main(String[] args) {
            throw new IllegalStateException("no luck");
        }
    }
}
