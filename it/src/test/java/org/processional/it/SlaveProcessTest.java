// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.OneWay;
import org.processional.Output;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.StandInException;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.WaitInterruptedException;

/** One slave process, as BEHAVIOUR.md has it in rows P1 to P11. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class SlaveProcessTest extends OverTransports {
    private static SlaveProcess slave;

    @BeforeParameterizedClassInvocation
    static void start() {
        slave = slave();
    }

    @AfterParameterizedClassInvocation
    static void end() {
        slave.close();
        assertThat(slave.exitCode()).contains(0);
    }

    @Test
    void p01_slaveIsAnotherProcessAtAnAddressOfItsOwn() {
        assertThat(slave.invoke(() -> Heavy.pid())).isEqualTo(slave.pid()).isNotEqualTo(Heavy.pid());
        assertThat(slave.address()).startsWith(transport + ":");
        assertThat(slave.isOpen()).isTrue();
    }

    @Test
    void p01_aSecondMasterIsRefused() {
        String address = slave.address();
        ClientOptions once =
                ClientOptions.builder().connectLimit(Duration.ofMillis(50)).build();
        assertThatThrownBy(() -> client(address, once))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(address);
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void p02_lambdasTravelWithWhatTheyCapture() {
        int number = 20;
        String text = "22";
        int[] array = {1, 2};
        assertThat(slave.invoke(() -> number + Integer.parseInt(text) + array[0] - array[0]))
                .isEqualTo(42);
        Call<String, RuntimeException> bound = text::trim;
        assertThat(slave.invoke(bound)).isEqualTo("22");
        assertThat(slave.invoke(() -> new OnlyThere().answer())).isEqualTo(42);
    }

    /** Not loaded by the slave until it is needed. */
    static final class OnlyThere {
        int answer() {
            return 42;
        }
    }

    @Test
    void p02_scheduledTasksReportTheirResults() {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            tasks.add(slave.schedule(() -> number * number));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(tasks.get(i).await()).isEqualTo(i * i);
            assertThat(tasks.get(i).check()).isTrue();
        }
    }

    @Test
    void p03_threadRunsBesideTheQueue() {
        Task<Integer> waiting = slave.thread(() -> {
            synchronized (Heavy.SEEN) {
                while (Heavy.SEEN.isEmpty()) {
                    Heavy.SEEN.wait();
                }
                return Heavy.SEEN.remove(0);
            }
        });
        assertThat(waiting.isDone()).isFalse();
        slave.invoke(() -> {
            synchronized (Heavy.SEEN) {
                Heavy.SEEN.add(7);
                Heavy.SEEN.notifyAll();
            }
        });
        assertThat(waiting.await()).isEqualTo(7);
    }

    @Test
    void p04_largeValuesTravelBackAndForth() {
        byte[] small = new byte[30_000];
        new Random(1).nextBytes(small);
        for (int i = 0; i < 5; i++) {
            assertThat(slave.invoke(() -> small)).isEqualTo(small);
        }
        byte[] large = new byte[64 << 20];
        new Random(2).nextBytes(large);
        byte[] back = slave.invoke(() -> large);
        assertThat(Arrays.equals(back, large)).isTrue();
    }

    @Test
    void p05_failuresArriveAsTheyAreWithBothStacks() {
        assertThatThrownBy(() -> slave.invoke(() -> Heavy.fail("hello")))
                .isInstanceOf(IOException.class)
                .hasMessage("hello")
                .hasStackTraceContaining("Heavy.fail")
                .hasStackTraceContaining("SlaveProcessTest.p05_failuresArriveAsTheyAreWithBothStacks");
        Task<Integer> task = slave.schedule(() -> Heavy.fail("later"));
        assertThatThrownBy(task::await)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("p05_failuresArriveAsTheyAreWithBothStacks");
        assertThatThrownBy(() -> slave.schedule(() -> List.of().get(0)).await())
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Cannot be serialized, for one of its fields. */
    static final class Stuck extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "unused"})
        private final Thread thread = Thread.currentThread();

        Stuck() {
            super("stuck", new IllegalStateException("why"));
        }
    }

    @Test
    void p05_whatCannotBeSerializedArrivesAsAStandIn() {
        assertThatThrownBy(() -> slave.invoke(() -> {
                    throw new Stuck();
                }))
                .isInstanceOf(StandInException.class)
                .hasToString(Stuck.class.getName() + ": stuck")
                .hasStackTraceContaining("why");
        assertThatThrownBy(() -> slave.invoke(() -> (Object) Thread.currentThread()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("result")
                .hasMessageContaining("java.lang.Thread");
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void p06_aDroppedFailingTaskIsReportedInTheLogOfTheMaster() {
        try (LogCapture log = new LogCapture()) {
            slave.schedule(() -> Heavy.fail("nobody saw this"));
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1); // so the failure has arrived
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                System.gc();
                return log.text().contains("Heavy.fail"); // the stack comes line by line
            });
            assertThat(log.text())
                    .contains("nobody asked for its result")
                    .contains("java.io.IOException: nobody saw this");
        }
    }

    @Test
    void p06_aFailureThatWasSeenIsNotReported() {
        try (LogCapture log = new LogCapture()) {
            assertThatThrownBy(slave.schedule(() -> Heavy.fail("seen already"))::await)
                    .isInstanceOf(TaskFailedException.class);
            slave.schedule(() -> Heavy.fail("the later one"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                System.gc();
                return log.text().contains("the later one");
            });
            assertThat(log.text()).doesNotContain("seen already");
        }
    }

    @Test
    void p10_futuresCompleteWithoutAnybodyWaiting() throws Exception {
        CompletableFuture<Integer> future = slave.<Integer>schedule(() -> 20).toCompletableFuture();
        assertThat(future.thenApply(n -> n + 1).get(10, TimeUnit.SECONDS)).isEqualTo(21);
        CompletableFuture<Integer> failing =
                slave.<Integer>schedule(() -> Heavy.fail("x")).toCompletableFuture();
        assertThat(failing.handle((n, e) -> e instanceof IOException).get(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void p11_tasksStartInTheOrderOfScheduling() {
        int rounds = Rounds.of(100_000);
        slave.invoke(() -> Heavy.COUNTER.set(0));
        Task<Boolean> last = null;
        List<Task<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            int expected = i;
            tasks.add(slave.schedule(() -> Heavy.COUNTER.getAndIncrement() == expected));
        }
        for (Task<Boolean> task : tasks) {
            assertThat(task.await()).isTrue();
        }
    }

    @Test
    void manyThreadsShareOneSlave() {
        int rounds = Rounds.of(20_000);
        List<Task<Integer>> threads = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            int id = t;
            threads.add(thread(() -> addAgainAndAgain(id, rounds)));
        }
        for (Task<Integer> each : threads) {
            assertThat(each.await()).isEqualTo(rounds);
        }
    }

    /** The number of sums that were right. */
    private static int addAgainAndAgain(int id, int rounds) {
        int right = 0;
        for (int i = 0; i < rounds; i++) {
            int number = i;
            int answer = slave.invoke(() -> number + id);
            assertThat(answer).isEqualTo(number + id);
            right++;
        }
        return right;
    }

    @Test
    void aWaitCanBeLimitedAndTheTaskGoesOn() {
        Task<Integer> task = slave.thread(() -> {
            while (Heavy.COUNTER.get() != -3) {
                Thread.sleep(1);
            }
            return 5;
        });
        assertThatThrownBy(() -> task.await(Duration.ofMillis(5))).isInstanceOf(TaskTimeoutException.class);
        assertThatThrownBy(() -> task.await(Duration.ofMillis(-5))).isInstanceOf(IllegalArgumentException.class);
        slave.thread(() -> Heavy.COUNTER.set(-3));
        assertThat(task.await()).isEqualTo(5);
    }

    @Test
    void interruptAndCancelReachARunningTask() {
        Task<Integer> running = slave.schedule(() -> {
            Heavy.COUNTER.set(-1);
            Thread.currentThread().join(); // for ever
            return 1;
        });
        Task<Integer> queued = slave.schedule(() -> 2);
        Task<Integer> after = slave.schedule(() -> 3);
        await().until(() -> slave.thread(() -> Heavy.COUNTER.get()).await() == -1);
        assertThat(queued.cancel()).isTrue();
        assertThatThrownBy(queued::await).isInstanceOf(TaskCancelledException.class);
        running.interrupt();
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
        assertThat(after.await()).isEqualTo(3);
        Task<Integer> cancelled = slave.schedule(() -> {
            Heavy.COUNTER.set(-2);
            Thread.currentThread().join();
            return 1;
        });
        await().until(() -> slave.thread(() -> Heavy.COUNTER.get()).await() == -2);
        assertThat(cancelled.cancel()).isTrue();
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 4)).isEqualTo(4); // the thread is free again
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheConnection() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> slave.invoke(() -> {
                    Thread.currentThread().join();
                    return 1;
                }))
                .isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void proxiesHoldObjectsWhereTheyAre() {
        Proxy<List<Integer>> heavy = slave.wrap(() -> Heavy.range(1000));
        assertThat(slave.invoke(() -> Heavy.sum(heavy.get()))).isEqualTo(499_500);
        assertThat(slave.invoke(() -> heavy.get() == heavy.get())).isTrue();
        heavy.run(list -> list.add(7));
        int size = heavy.call(list -> list.size());
        assertThat(size).isEqualTo(1001);
        Task<Integer> last = heavy.schedule(list -> list.get(1000));
        assertThat(last.await()).isEqualTo(7);
        assertThat(heavy.get()).hasSize(1001);
        heavy.close();
        assertThatThrownBy(heavy::get).isInstanceOf(ProxyException.class).hasMessageContaining("closed");
    }

    /** What a stand-in in a test has. */
    public interface Words {
        void add(String word);

        int count();

        @OneWay
        void forget();

        List<String> fail() throws IOException;
    }

    static final class WordList implements Words {
        private final List<String> words = new ArrayList<>();

        @Override
        public void add(String word) {
            words.add(word + " " + Heavy.pid());
        }

        @Override
        public int count() {
            return words.size();
        }

        @Override
        public void forget() {
            words.clear();
        }

        @Override
        public List<String> fail() throws IOException {
            throw new IOException(words.toString());
        }
    }

    @Test
    void standInsAreCalledWhereTheObjectIs() {
        Words words = slave.wrap(Words.class, () -> new WordList());
        words.add("one");
        words.add("two");
        assertThat(words.count()).isEqualTo(2);
        assertThatThrownBy(words::fail)
                .isInstanceOf(IOException.class)
                .hasMessage("[one " + slave.pid() + ", two " + slave.pid() + "]");
        assertThat(slave.invoke(() -> words instanceof WordList)).isTrue();
        words.forget();
        assertThat(words.count()).isZero();
    }

    @Test
    void namesHoldObjectsUntilTheyAreRemoved() {
        slave.wrap("box", () -> new ArrayList<>(List.of("a"))).close();
        Proxy<List<String>> found = slave.named("box");
        assertThat(found.get()).containsExactly("a");
        assertThat(slave.names()).contains("box");
        assertThat(slave.remove("box")).isTrue();
        assertThat(slave.remove("box")).isFalse();
        assertThatThrownBy(() -> slave.named("box"))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("\"box\"");
        assertThat(found.get()).containsExactly("a");
    }

    @Test
    void whatCannotTravelFailsWhereItIsScheduled() {
        Thread stuck = Thread.currentThread();
        assertThatThrownBy(() -> slave.schedule(() -> stuck.getName()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("java.lang.Thread");
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void tryScheduleAndExecutor() throws Exception {
        Optional<Task<Integer>> task = slave.trySchedule(() -> 3);
        assertThat(task.orElseThrow().await()).isEqualTo(3);
        ExecutorService executor = slave.executor();
        assertThat(executor.submit((java.util.concurrent.Callable<Integer> & Serializable) () -> 4)
                        .get())
                .isEqualTo(4);
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(slave.isOpen()).isTrue();
    }

    @Test
    void standardInputOfASlaveIsEmpty() throws IOException {
        assertThat(slave.<Integer, IOException>invoke(() -> System.in.read())).isEqualTo(-1);
    }

    @Test
    void exitOfATaskEndsThatSlaveAlone() throws IOException {
        FileGate gate = FileGate.in(folder, "gate");
        try (SlaveProcess other =
                slave(SlaveOptions.builder().output(Output.DISCARD).build())) {
            other.schedule(() -> gate.pass());
            Task<?> exiting = other.schedule(() -> {
                System.err.println("last words");
                System.exit(7);
            });
            Task<Integer> behind = other.schedule(() -> 1);
            gate.open();
            assertThatThrownBy(exiting::await).isInstanceOfSatisfying(SlaveDiedException.class, e -> {
                assertThat(e.exitCode()).isEqualTo(7);
                assertThat(e.errorOutput()).contains("last words");
                assertThat(e.pid()).isEqualTo(other.pid());
            });
            assertThatThrownBy(behind::await).isInstanceOf(SlaveDiedException.class);
            assertThatThrownBy(() -> other.invoke(() -> 1)).isInstanceOf(SlaveDiedException.class);
        }
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    @Test
    void p09_terminateKillsAndHaltOfATaskIsTold() {
        try (SlaveProcess other = slave()) {
            assertThatThrownBy(() -> other.invoke(() -> Runtime.getRuntime().halt(3)))
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("exit code 3");
        }
        SlaveProcess killed = slave();
        Task<?> running = killed.schedule(() -> Thread.currentThread().join());
        killed.terminate();
        assertThatThrownBy(running::await).isInstanceOf(org.processional.ProcessionalException.class);
        await().until(() -> !Jvm.isAlive(killed.pid()));
        assertThat(killed.exitCode()).contains(137);
        assertThatThrownBy(() -> killed.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        killed.close();
    }

    @Test
    void p09_aClosedSlaveTakesNothing() {
        SlaveProcess other = slave();
        Task<Integer> scheduled = other.schedule(() -> 1);
        other.close();
        assertThat(scheduled.await()).isEqualTo(1);
        assertThatThrownBy(() -> other.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> other.invoke(() -> 1)).isInstanceOf(SlaveClosedException.class);
        other.close();
        assertThat(other.exitCode()).contains(0);
    }

    @Test
    void p09_stopFinishesWhatIsQueued() {
        try (SlaveProcess other = slave()) {
            Task<Integer> before = other.schedule(() -> 5);
            other.stop();
            assertThat(before.await()).isEqualTo(5);
            await().until(() -> other.exitCode().isPresent());
            assertThat(other.exitCode()).contains(0);
        }
    }

    @Test
    void p09_closeInTheMiddleOfACallWaitsForIt() {
        SlaveProcess other = slave();
        Task<Integer> slow = other.schedule(() -> {
            synchronized (Heavy.COUNTER) {
                Heavy.COUNTER.wait(100);
            }
            return 6;
        });
        other.close();
        assertThat(slow.await()).isEqualTo(6);
    }
}
