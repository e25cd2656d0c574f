// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.Output;
import org.processional.Server;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.StandInException;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.WaitInterruptedException;

/** What users do wrong while a slave runs is told in words, and what is not concerned goes on. See docs/bad-input.md. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class BadInputTest extends OverTransports {
    private static SlaveProcess slave;

    @BeforeParameterizedClassInvocation
    static void start() {
        slave = slave(SlaveOptions.builder().heap("64m").build());
    }

    @AfterParameterizedClassInvocation
    static void end() {
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1); // nothing of it has harmed the slave
        slave.close();
        assertThat(slave.exitCode()).contains(0);
    }

    // ---- classes

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    @Test
    void aClassThatTheSlaveLacksIsNamed() {
        List<Path> jars = classPath().stream()
                .filter(p -> p.toString().endsWith(".jar"))
                .toList(); // not the classes of the tests
        SlaveOptions options =
                SlaveOptions.builder().classPath(jars).code(false).build(); // else its master gives them
        try (SlaveProcess without = slave(options)) {
            assertThatThrownBy(() -> without.invoke(() -> Heavy.pid()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.processional.it.BadInputTest");
            assertThat(without.names()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "a\u0000"})
    void aNameThatCannotBeListedIsRefused(String name) {
        assertThatThrownBy(() -> slave.wrap(name, () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no name");
        assertThat(slave.names()).isEmpty();
    }

    @Test
    void anExceptionWhoseClassTheMasterLacksArrivesAsAStandIn() throws IOException {
        Path source = Files.writeString(
                folder.resolve("Stranger.java"),
                "public class Stranger extends RuntimeException { public Stranger() { super(\"from afar\"); } }");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", folder.toString(), source.toString()))
                .isZero();
        List<Path> more = new ArrayList<>(classPath());
        more.add(folder);
        try (SlaveProcess other = slave(SlaveOptions.builder().classPath(more).build())) {
            assertThatThrownBy(() -> other.invoke(() -> throwNew("Stranger")))
                    .isInstanceOf(StandInException.class)
                    .hasToString("Stranger: from afar")
                    .hasStackTraceContaining("BadInputTest.throwNew");
            assertThatThrownBy(() -> other.invoke(() ->
                            (Object) Class.forName("Stranger").getConstructor().newInstance()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Stranger");
            assertThat(other.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    private static int throwNew(String type) throws ReflectiveOperationException {
        throw (RuntimeException) Class.forName(type).getConstructor().newInstance();
    }

    // ---- results and exceptions with code of their own

    /** All that a user can override throws, or returns nonsense. */
    private static final class Nasty extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new AssertionError("no text");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        @SuppressWarnings("NullAway")
        public StackTraceElement[] getStackTrace() {
            return null;
        }

        private void writeObject(ObjectOutputStream out) {
            throw new AssertionError("no bytes");
        }
    }

    /** Cannot be written, by an error. */
    private static final class Unwritable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            throw new AssertionError("no bytes");
        }
    }

    /** Can be written, and not be read. */
    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(java.io.ObjectInputStream in) {
            throw new AssertionError("no object");
        }
    }

    @Test
    void anExceptionThatThrowsItselfIsTold() {
        assertThatThrownBy(() -> slave.invoke(() -> {
                    throw new Nasty();
                }))
                .isInstanceOf(StandInException.class)
                .hasMessageContaining("Nasty");
    }

    @Test
    void aResultThatThrowsIsTold() {
        assertThatThrownBy(() -> slave.invoke(() -> new Unwritable())).hasStackTraceContaining("no bytes");
        assertThatThrownBy(() -> slave.invoke(() -> new Unreadable()))
                .isInstanceOf(CodecException.class)
                .hasStackTraceContaining("no object");
        Unreadable captured = new Unreadable();
        assertThatThrownBy(() -> slave.invoke(() -> captured.hashCode())).hasStackTraceContaining("no object");
        Unwritable unwritable = new Unwritable();
        assertThatThrownBy(() -> slave.invoke(() -> unwritable.hashCode())).hasStackTraceContaining("no bytes");
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void aTaskThatRunsOutOfMemoryFailsAlone() {
        Task<Integer> hungry = slave.schedule(() -> {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        });
        Task<Integer> behind = slave.schedule(() -> 5);
        assertThatThrownBy(hungry::await).isInstanceOf(OutOfMemoryError.class);
        assertThat(behind.await()).isEqualTo(5);
    }

    @Test
    void aTaskThatRecursesWithoutEndFailsAlone() {
        assertThatThrownBy(() -> slave.invoke(() -> recurse(1))).isInstanceOf(StackOverflowError.class);
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void exitOfOneSlaveHarmsNoOther() {
        try (SlaveProcess other =
                slave(SlaveOptions.builder().output(Output.DISCARD).build())) {
            Task<?> exiting = other.thread(() -> Runtime.getRuntime().exit(3));
            assertThatThrownBy(exiting::await)
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("exit code 3");
        }
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    // ---- starts

    @Test
    void aSlaveThatHasNoMemoryToStartIsTold() {
        SlaveOptions tiny =
                SlaveOptions.builder().heap("2m").output(Output.DISCARD).build();
        assertThatThrownBy(() -> slave(tiny)).isInstanceOf(SlaveStartException.class);
    }

    @Test
    void aFileThatIsNoSocketIsNoServer() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        ClientOptions once =
                ClientOptions.builder().connectLimit(Duration.ofMillis(20)).build();
        assertThatThrownBy(() -> client("unix:" + file, once))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> client("unix:" + file.resolve("below"), once))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("precious");
    }

    @Test
    void oneWhoAcceptsAndSaysNothingIsNoServer() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("silent"));
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(address);
            ClientOptions once =
                    ClientOptions.builder().connectLimit(Duration.ofMillis(50)).build();
            assertThatThrownBy(() -> client("unix:" + address, once))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("did not greet in time");
            isInterrupted(() -> client("unix:" + address));
        }
    }

    @Test
    void aCommandThatCannotTravelDoesNotKeepItsExecutor() throws Exception {
        ExecutorService executor = slave.executor();
        Unwritable unwritable = new Unwritable();
        assertThatThrownBy(() -> executor.execute((Runnable & Serializable) () -> unwritable.hashCode()))
                .hasStackTraceContaining("no bytes");
        executor.shutdown();
        assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    // ---- closing

    @Test
    void closeInTheMiddleOfACallFailsItWhenTheLimitIsOver() throws Exception {
        SlaveProcess other =
                slave(SlaveOptions.builder().closeLimit(Duration.ofMillis(100)).build());
        Task<Integer> invoking = thread(() -> other.invoke(() -> {
            Heavy.COUNTER.set(1);
            Thread.currentThread().join();
            return 1;
        }));
        await().until(() -> other.thread(() -> Heavy.COUNTER.get()).await() == 1);
        other.close();
        assertThatThrownBy(invoking::await).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> other.wrap(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(other::stop).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> other.trySchedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> other.executor().execute((Runnable & Serializable) () -> {}))
                .hasCauseInstanceOf(SlaveClosedException.class);
    }

    // ---- time limits

    @Test
    void limitsBelowZeroAreRefusedAndLongOnesAreTaken() {
        Duration negative = Duration.ofMillis(-1);
        assertThatThrownBy(() -> slave.schedule(() -> 1).await(negative))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-0.001");
        assertThatThrownBy(() -> ClientOptions.builder().connectLimit(negative).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectLimit");
        assertThatThrownBy(() -> SlaveOptions.builder().roomLimit(negative).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("roomLimit");
        Duration ever = ChronoUnit.FOREVER.getDuration();
        SlaveOptions longest = SlaveOptions.builder()
                .startLimit(ever)
                .closeLimit(ever)
                .roomLimit(ever)
                .build();
        try (SlaveProcess other = slave(longest)) {
            assertThat(other.<Integer>schedule(() -> 4).await(ever)).isEqualTo(4);
        }
        try (Server server = serve(address("s"))) {
            assertThatThrownBy(() -> server.await(negative)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    // ---- interrupts

    /** Interrupts this thread while it waits; the wait must end by it, the flag must be set, the slave must live. */
    private static void isInterrupted(Callable<?> waiting) {
        Thread waiter = Thread.currentThread();
        AtomicBoolean over = new AtomicBoolean();
        Thread interrupter = new Thread(() -> {
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> isWaiting(waiter));
            while (!over.get()) {
                waiter.interrupt(); // again, since a wait that was not the one may have taken it
                Thread.yield();
            }
        });
        interrupter.start();
        try {
            assertThatThrownBy(waiting::call).isInstanceOf(WaitInterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            over.set(true);
            while (interrupter.isAlive()) {
                Thread.interrupted();
                Thread.yield();
            }
            Thread.interrupted();
        }
        assertThat(slave.thread(() -> 6).await()).isEqualTo(6);
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() != Thread.State.RUNNABLE
                || Stream.of(thread.getStackTrace())
                        .anyMatch(f -> f.getMethodName().equals("select"));
    }

    @Test
    void anInterruptEndsAnyWaitAndNoConnection() throws Exception {
        Task<Integer> endless = slave.schedule(() -> {
            Thread.currentThread().join();
            return 1;
        });
        isInterrupted(endless::await);
        isInterrupted(() -> endless.await(Duration.ofMinutes(1)));
        isInterrupted(() -> slave.invoke(() -> 1));
        isInterrupted(() -> slave.wrap(() -> 1));
        isInterrupted(() -> slave.named("x"));
        isInterrupted(() -> slave.names());
        isInterrupted(() -> client("unix:" + folder.resolve("nobody")));
        try (Server server = serve(address("s"))) {
            isInterrupted(() -> server.await(Duration.ofMinutes(1)));
        }
        assertThat(endless.cancel()).isTrue();
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void anInterruptEndsTheWaitForRoom() throws Exception {
        SlaveOptions options = SlaveOptions.builder().credits(1).build();
        try (SlaveProcess other = slave(options)) {
            Task<Integer> endless = other.schedule(() -> {
                Thread.currentThread().join();
                return 1;
            });
            isInterrupted(() -> other.schedule(() -> 1));
            assertThat(endless.cancel()).isTrue();
            assertThat(other.<Integer, RuntimeException>invoke(() -> 2)).isEqualTo(2);
        }
    }

    @Test
    void anInterruptEndsTheStartOfASlaveWhichIsKilled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        SlaveOptions slow = SlaveOptions.builder()
                .initialClass(NeverStarts.class.getName())
                .environment(java.util.Map.of("STARTED", folder.resolve("pid").toString()))
                .build();
        Task<SlaveProcess> starting = thread(() -> {
            begun.countDown();
            return slave(slow);
        });
        begun.await();
        await().until(() -> Files.exists(folder.resolve("pid")));
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")));
        starting.interrupt();
        assertThatThrownBy(starting::await)
                .isInstanceOf(TaskInterruptedException.class)
                .hasStackTraceContaining("interrupted while waiting for a slave to start");
        await().until(() -> !Jvm.isAlive(pid));
    }

    /** An initial class that never ends. */
    public static final class NeverStarts {
        private NeverStarts() {}

        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(System.getenv("STARTED"));
            Path hidden = Files.writeString(file.resolveSibling("hidden"), Long.toString(Heavy.pid()));
            Files.move(hidden, file);
            Thread.currentThread().join();
        }
    }

    /** An initial class that leaves its thread interrupted. */
    public static final class LeavesAnInterrupt {
        private LeavesAnInterrupt() {}

        public static void main(String[] arguments) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anInterruptThatTheInitialClassLeftIsForgotten() {
        SlaveOptions options = SlaveOptions.builder()
                .initialClass(LeavesAnInterrupt.class.getName())
                .build();
        try (SlaveProcess other = slave(options)) {
            assertThat(other.<Boolean, RuntimeException>invoke(() -> Thread.interrupted()))
                    .isFalse();
        }
    }
}
