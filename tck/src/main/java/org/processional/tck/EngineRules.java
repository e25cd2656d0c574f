// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.Local;
import org.processional.OneWay;
import org.processional.Processional;
import org.processional.ProcessionalException;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveClosedException;
import org.processional.SlaveFullException;
import org.processional.SlaveProcess;
import org.processional.StandInException;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.WaitInterruptedException;
import org.processional.spi.Stub;

/**
 * What holds of the whole, whichever transport, codec and engine are on the path: extend it, and say where to serve.
 * Server and clients are in this JVM, on both ends of a connection.
 *
 * <p><b>Threads:</b> JUnit's, one for each rule, so that one that hangs is told; nothing runs beside them, since they count
 * threads. Every rule makes and ends its own server and threads.
 *
 * @since 0.1
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.MethodName.class)
public abstract class EngineRules {
    private static final Duration SOON = Eventually.limit();

    /** For subclasses. */
    protected EngineRules() {}

    /** An address to serve at, which no other rule uses. */
    protected abstract String address();

    /** How clients connect. */
    protected ClientOptions clientOptions() {
        return ClientOptions.defaults();
    }

    /** How often to repeat what is random, of a full count. */
    protected int rounds(int full) {
        return Math.max(1, full / 10);
    }

    // ---- the functions that travel

    /** An exception with a state of its own. */
    public static final class OwnException extends IOException {
        private static final long serialVersionUID = 1L;

        /** The state. */
        public final int code;

        /** Makes one. */
        public OwnException(String message, int code) {
            super(message);
            this.code = code;
        }
    }

    /** An exception that cannot be serialized. */
    private static final class StubbornException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "UnusedVariable"}) // that is the point
        private final Object state = new Object();

        StubbornException(String message) {
            super(message);
        }
    }

    private static int fail(int code) throws OwnException {
        throw new OwnException("failed on purpose", code);
    }

    private static int stubborn() {
        throw new StubbornException("stays where it is");
    }

    private static List<Integer> range(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static long sum(List<Integer> numbers) {
        long sum = 0;
        for (int number : numbers) {
            sum += number;
        }
        return sum;
    }

    /** Bytes that tell where they stand, and of which seed: what is lost, repeated or exchanged is seen. */
    private static byte[] bytes(int size, int seed) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ((i * 0x9E3779B1 ^ seed * 0x85EBCA6B) >>> 24);
        }
        return bytes;
    }

    @SuppressWarnings("NullAway") // null is what it is for
    private static Object nothing() {
        return null;
    }

    private static boolean same(Object one, Object other) {
        return one == other;
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }

    /** Waits for an interrupt, says that it began, and notes that it came. */
    private static int awaitInterrupt(String begun, String notes) throws InterruptedException {
        Gates.open(begun);
        try {
            Gates.pass("never-" + begun);
        } catch (InterruptedException e) {
            Gates.note(notes, "interrupted");
            throw e;
        }
        return 0;
    }

    // ---- a server and its clients

    private SlaveProcess client(Server server) {
        return Processional.client(server.address(), clientOptions());
    }

    private Server serve() {
        return Processional.serve(address(), ServeOptions.defaults());
    }

    /** Something to do with one client of one server. */
    private interface Use {
        void with(SlaveProcess client) throws Exception;
    }

    private void withClient(Use use) throws Exception {
        try (Server server = serve();
                SlaveProcess client = client(server)) {
            use.with(client);
        }
    }

    /** Keeps the main thread of a server busy until the gate is opened; returns once it is. */
    private static Task<Integer> occupy(SlaveProcess client, String gate) throws InterruptedException {
        String begun = gate + "-begun";
        Task<Integer> task = client.schedule(() -> {
            Gates.meet(begun, gate);
            return 1;
        });
        Gates.pass(begun);
        return task;
    }

    // ---- the rules

    /** A function runs at the other end, with what it captured, and its result comes back; null too. */
    @Test
    public void e01_invokeGivesTheResult() throws Exception {
        withClient(client -> {
            int captured = 20;
            assertThat(client.invoke(() -> captured + 1)).isEqualTo(21);
            assertThat(client.invoke(() -> String.join("-", "a", "b"))).isEqualTo("a-b");
            assertThat(client.invoke(() -> nothing())).isNull();
            assertThat(client.invoke(() -> range(1000))).isEqualTo(range(1000));
            String note = Gates.fresh();
            client.invoke(() -> {
                Gates.note(note, captured);
            });
            assertThat(Gates.notes(note)).containsExactly(20);
        });
    }

    /** What one thread schedules starts in that order, and one at a time, on the one main thread. */
    @Test
    public void e02_tasksStartInTheOrderOfScheduling() throws Exception {
        withClient(client -> {
            String notes = Gates.fresh();
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int number = i;
                tasks.add(client.schedule(() -> {
                    Gates.note(notes, number);
                    return threadName();
                }));
            }
            for (Task<String> task : tasks) {
                assertThat(task.await(SOON)).isEqualTo(tasks.get(0).await());
            }
            assertThat(Gates.notes(notes)).isEqualTo(range(300));
        });
    }

    /** The exception of a function comes back as itself, with its state and the frames of the other end. */
    @Test
    public void e03_theOwnExceptionComesBack() throws Exception {
        withClient(client -> {
            assertThatThrownBy(() -> client.invoke(() -> fail(7))).isInstanceOfSatisfying(OwnException.class, e -> {
                assertThat(e.code).isEqualTo(7);
                assertThat(e).hasMessage("failed on purpose");
                assertThat(Arrays.stream(e.getStackTrace()).map(StackTraceElement::getMethodName))
                        .contains("fail");
            });
            assertThatThrownBy(() -> client.schedule(() -> fail(8)).await(SOON))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(OwnException.class);
            Task<Integer> unchecked = client.schedule(() -> Integer.parseInt("x"));
            assertThatThrownBy(() -> unchecked.await(SOON)).isInstanceOf(NumberFormatException.class);
            assertThatThrownBy(() -> unchecked.await(SOON)).isInstanceOf(NumberFormatException.class);
            assertThat(client.invoke(() -> 1 + 1)).isEqualTo(2);
        });
    }

    /** An exception that cannot travel arrives as a stand-in with its class, message and stack. */
    @Test
    public void e04_anExceptionThatCannotTravelHasAStandIn() throws Exception {
        withClient(client -> assertThatThrownBy(() -> client.invoke(() -> stubborn()))
                .isInstanceOfSatisfying(StandInException.class, e -> {
                    assertThat(e.originalClassName()).isEqualTo(StubbornException.class.getName());
                    assertThat(e.getMessage()).contains("stays where it is");
                    assertThat(Arrays.stream(e.getStackTrace()).map(StackTraceElement::getMethodName))
                            .contains("stubborn");
                }));
    }

    /** A result that cannot travel fails its task alone. */
    @Test
    public void e05_aResultThatCannotTravelFailsItsTaskAlone() throws Exception {
        withClient(client -> {
            assertThatThrownBy(() -> client.<Object, RuntimeException>invoke(() -> new Thread("stays")))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Thread");
            assertThat(client.invoke(() -> 5 + 0)).isEqualTo(5);
        });
    }

    /** A function that cannot travel fails where it is scheduled, and takes no credit. */
    @Test
    public void e06_aFunctionThatCannotTravelFailsWhereItIsScheduled() throws Exception {
        ServeOptions two = ServeOptions.builder().credits(2).build();
        try (Server server = Processional.serve(address(), two);
                SlaveProcess client = client(server)) {
            Thread stays = new Thread("stays");
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> client.schedule(() -> stays.getName()))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("Thread");
            }
            assertThat(client.invoke(() -> 6 + 0)).isEqualTo(6);
        }
    }

    /** Threads run beside the queue. */
    @Test
    public void e07_threadsRunBesideTheQueue() throws Exception {
        withClient(client -> {
            String gate = Gates.fresh();
            Task<Integer> queued = occupy(client, gate);
            Task<String> beside = client.thread(() -> threadName());
            assertThat(beside.await(SOON)).startsWith("processional-thread");
            assertThat(queued.isDone()).isFalse();
            String done = Gates.fresh();
            Task<Integer> waiting = client.thread(() -> {
                Gates.pass(done);
                return 2;
            });
            Gates.open(gate);
            assertThat(client.invoke(() -> 3 + 0)).isEqualTo(3);
            assertThat(waiting.isDone()).isFalse();
            Gates.open(done);
            assertThat(waiting.await(SOON)).isEqualTo(2);
        });
    }

    /** A task that is cancelled in the queue never runs. */
    @Test
    public void e08_aQueuedTaskThatIsCancelledNeverRuns() throws Exception {
        withClient(client -> {
            String gate = Gates.fresh();
            String notes = Gates.fresh();
            Task<Integer> first = occupy(client, gate);
            Task<Integer> second = client.schedule(() -> {
                Gates.note(notes, "ran");
                return 2;
            });
            Task<Integer> third = client.schedule(() -> 3);
            assertThat(second.cancel()).isTrue();
            assertThat(second.isCancelled()).isTrue();
            assertThatThrownBy(second::await).isInstanceOf(TaskCancelledException.class);
            // a cancel goes beside the queue; once a thread has come back, it has arrived
            client.thread(() -> 0).await(SOON);
            Gates.open(gate);
            assertThat(first.await(SOON)).isEqualTo(1);
            assertThat(third.await(SOON)).isEqualTo(3);
            assertThat(Gates.notes(notes)).isEmpty();
        });
    }

    /** Cancelling a task that runs interrupts it; the handle ends at once. */
    @Test
    public void e09_cancelInterruptsWhatRuns() throws Exception {
        withClient(client -> {
            String begun = Gates.fresh();
            String notes = Gates.fresh();
            Task<Integer> task = client.schedule(() -> awaitInterrupt(begun, notes));
            Gates.pass(begun);
            assertThat(task.cancel()).isTrue();
            assertThatThrownBy(() -> task.await(SOON)).isInstanceOf(TaskCancelledException.class);
            assertThat(client.invoke(() -> 4 + 0)).isEqualTo(4);
            assertThat(Gates.notes(notes)).containsExactly("interrupted");
        });
    }

    /** An interrupt ends the function that runs, in the queue or beside it, and no other. */
    @Test
    public void e10_anInterruptEndsItsFunctionAlone() throws Exception {
        withClient(client -> {
            for (int i = 0; i < rounds(50); i++) {
                String begun = Gates.fresh();
                Task<Integer> running = client.schedule(() -> awaitInterrupt(begun, begun));
                Task<Integer> next = client.schedule(() -> Thread.interrupted() ? -1 : 1);
                Gates.pass(begun);
                running.interrupt();
                assertThatThrownBy(() -> running.await(SOON)).isInstanceOf(TaskInterruptedException.class);
                assertThat(next.await(SOON)).isEqualTo(1);
                String beside = Gates.fresh();
                Task<Integer> thread = client.thread(() -> awaitInterrupt(beside, beside));
                Gates.pass(beside);
                thread.interrupt();
                assertThatThrownBy(() -> thread.await(SOON)).isInstanceOf(TaskInterruptedException.class);
            }
        });
    }

    /** An interrupt of a thread that waits ends its wait, and harms neither the connection nor other callers. */
    @Test
    public void e11_anInterruptedWaitHarmsNobody() throws Exception {
        withClient(client -> {
            for (int i = 0; i < rounds(50); i++) {
                String gate = Gates.fresh();
                Task<Integer> task = occupy(client, gate);
                Background<Integer> waiter = Background.start(() -> task.await());
                Background<Integer> other = Background.start(() -> task.await());
                Background<Integer> invoker = Background.start(() -> client.invoke(() -> 9 + 0));
                waiter.awaitWaiting();
                waiter.interrupt();
                assertThat(waiter.failure()).isInstanceOf(WaitInterruptedException.class);
                Gates.open(gate);
                assertThat(other.result()).isEqualTo(1);
                assertThat(invoker.result()).isEqualTo(9);
            }
        });
    }

    /** Whatever is interrupted while many call: every call ends, and what was not interrupted has its own result. */
    @Test
    public void e12_interruptsLoseNoTask() throws Exception {
        withClient(client -> {
            int count = rounds(2000);
            String notes = Gates.fresh();
            List<Background<Map<Integer, Task<Integer>>>> callers = new ArrayList<>();
            for (int caller = 0; caller < 3; caller++) {
                int base = caller * count;
                callers.add(Background.start(() -> {
                    Map<Integer, Task<Integer>> mine = new HashMap<>();
                    for (int i = 0; i < count; i++) {
                        int number = base + i;
                        try {
                            mine.put(number, client.schedule(() -> noted(notes, number)));
                            if (i % 3 == 0) {
                                assertThat(client.invoke(() -> -number)).isEqualTo(-number);
                            }
                        } catch (WaitInterruptedException e) {
                            Thread.interrupted();
                        }
                    }
                    Thread.interrupted();
                    return mine;
                }));
            }
            interruptUntilDone(callers);
            Map<Integer, Task<Integer>> accepted = new HashMap<>();
            for (Background<Map<Integer, Task<Integer>>> caller : callers) {
                accepted.putAll(caller.result());
            }
            accepted.forEach((number, task) -> assertThat(task.await(SOON)).isEqualTo(number));
            assertThat(Gates.notes(notes)).doesNotHaveDuplicates().containsAll(accepted.keySet());
        });
    }

    private static void interruptUntilDone(List<? extends Background<?>> callers) {
        long deadline = System.nanoTime() + Eventually.limit().toNanos();
        while (!callers.stream().allMatch(Background::isDone)) {
            assertThat(System.nanoTime() - deadline)
                    .as("time after that in which all calls must end")
                    .isNegative();
            callers.forEach(Background::interrupt);
            LockSupport.parkNanos(200_000);
        }
    }

    /** An await with a limit ends in time, and the task goes on. */
    @Test
    public void e13_anAwaitWithALimitEnds() throws Exception {
        withClient(client -> {
            String gate = Gates.fresh();
            Task<Integer> task = occupy(client, gate);
            assertThatThrownBy(() -> task.await(Duration.ofMillis(20))).isInstanceOf(TaskTimeoutException.class);
            assertThatThrownBy(() -> task.await(Duration.ZERO)).isInstanceOf(TaskTimeoutException.class);
            assertThat(task.check()).isFalse();
            Gates.open(gate);
            assertThat(task.await(SOON)).isEqualTo(1);
            assertThat(task.check()).isTrue();
        });
    }

    /** Many clients come and go; each is served, and the server forgets those that left. */
    @Test
    public void e14_manyClientsComeAndGo() throws Exception {
        try (Server server = serve()) {
            List<SlaveProcess> together = new ArrayList<>();
            try {
                for (int i = 0; i < Math.max(20, rounds(100)); i++) {
                    SlaveProcess client = client(server);
                    together.add(client);
                    int number = i;
                    assertThat(client.invoke(() -> number)).isEqualTo(number);
                }
                for (SlaveProcess client : together) {
                    assertThat(client.invoke(() -> 1 + 0)).isEqualTo(1);
                }
                assertThat(server.clients()).isEqualTo(together.size());
            } finally {
                together.forEach(SlaveProcess::close);
            }
            Eventually.until("the server forgets its clients", () -> server.clients() == 0);
            try (SlaveProcess late = client(server)) {
                assertThat(late.invoke(() -> 1 + 0)).isEqualTo(1);
            }
        }
    }

    /** Many threads share one client, and each gets its own results, in its own order. */
    @Test
    public void e15_manyThreadsShareOneClient() throws Exception {
        withClient(client -> {
            List<Background<Integer>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                int base = caller * 100_000;
                callers.add(Background.start(() -> {
                    int count = rounds(1000);
                    for (int i = 0; i < count; i++) {
                        int number = base + i;
                        assertThat(client.invoke(() -> number)).isEqualTo(number);
                    }
                    return count;
                }));
            }
            for (Background<Integer> caller : callers) {
                assertThat(caller.result()).isPositive();
            }
        });
    }

    /** What one client stored under a name another uses; it is the same object until the name is removed. */
    @Test
    public void e16_clientsShareObjects() throws Exception {
        try (Server server = serve();
                SlaveProcess one = client(server);
                SlaveProcess two = client(server)) {
            Proxy<List<Integer>> kept = one.wrap("numbers", () -> range(10));
            Proxy<List<Integer>> found = two.named("numbers");
            two.invoke(() -> {
                found.get().add(100);
            });
            assertThat(one.invoke(() -> sum(kept.get()))).isEqualTo(145);
            kept.close();
            assertThat(two.names()).containsExactly("numbers");
            assertThat(found.get()).hasSize(11);
            assertThat(two.remove("numbers")).isTrue();
            assertThat(two.remove("numbers")).isFalse();
            assertThatThrownBy(() -> one.named("numbers"))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("numbers");
            assertThat(found.get()).hasSize(11);
        }
    }

    /** R1, R2, R4, R9: a proxy gives a copy here, and the object itself there; every way of working on it works. */
    @Test
    public void e17_proxiesReachTheirObject() throws Exception {
        withClient(client -> {
            Proxy<List<Integer>> proxy = client.wrap(() -> range(3));
            assertThat(proxy.get()).containsExactly(0, 1, 2).isNotSameAs(proxy.get());
            proxy.run(list -> list.add(3));
            assertThat(proxy.<Integer, RuntimeException>call(list -> list.size()))
                    .isEqualTo(4);
            assertThat(proxy.schedule(list -> list.get(3)).await(SOON)).isEqualTo(3);
            assertThat(client.invoke(() -> same(proxy.get(), proxy.get()))).isTrue();
            List<Proxy<List<Integer>>> twice = List.of(proxy, proxy);
            assertThat(client.invoke(() -> twice.get(0).get() == twice.get(1).get()))
                    .isTrue();
            proxy.close();
            assertThatThrownBy(proxy::get).isInstanceOf(ProxyException.class);
        });
    }

    /** R6, R7: what a client held is released when it leaves, and not before: not by another client's proxy. */
    @Test
    public void e18_whatAClientHeldIsReleasedWhenItLeaves() throws Exception {
        String notes = Gates.fresh();
        try (Server server = serve();
                SlaveProcess stays = client(server)) {
            try (SlaveProcess leaves = client(server)) {
                Proxy<Object> kept = leaves.wrap(notes, () -> {
                    Object object = new Object();
                    Gates.note(notes, new WeakReference<>(object));
                    return object;
                });
                Proxy<Object> other = stays.named(notes);
                assertThat(stays.remove(notes)).isTrue(); // from now on, clients alone hold it
                other.close();
                for (int i = 0; i < 5; i++) {
                    assertThat(isCollected(notes, stays))
                            .as("collected, though its client is connected")
                            .isFalse();
                }
                assertThat(kept.<Boolean, RuntimeException>call(object -> object == weaklyNoted(notes)))
                        .isTrue();
            }
            Eventually.until("the object is collected", () -> isCollected(notes, stays));
        }
    }

    /** The object of the reference that was noted; null once it was collected. */
    private static @Nullable Object weaklyNoted(String notes) {
        return ((WeakReference<?>) Gates.notes(notes).get(0)).get();
    }

    private static boolean isCollected(String notes, SlaveProcess client) {
        client.invoke(() -> 1 + 0); // the main thread lets go of what it had in hand
        System.gc();
        return weaklyNoted(notes) == null;
    }

    /** Large values come and go whole. */
    @Test
    public void e19_largeValues() throws Exception {
        withClient(client -> {
            for (int i = 0; i < 5; i++) {
                byte[] there = bytes(30_000, i);
                assertThat(client.invoke(() -> there)).isEqualTo(there);
            }
            byte[] large = bytes(4 << 20, 1);
            assertThat(client.invoke(() -> Arrays.hashCode(large))).isEqualTo(Arrays.hashCode(large));
            assertThat(client.invoke(() -> bytes(4 << 20, 2))).isEqualTo(bytes(4 << 20, 2));
        });
    }

    /** Large values in both directions at once end, though nobody takes what the other sends for a while. */
    @Test
    public void e20_largeValuesInBothDirectionsAtOnce() throws Exception {
        withClient(client -> {
            List<Task<byte[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                byte[] there = bytes(500_000, i);
                tasks.add(client.schedule(() -> there));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(tasks.get(i).await(SOON)).isEqualTo(bytes(500_000, i));
            }
        });
    }

    /** A client has no more tasks pending than the server granted: who schedules waits, and is refused in the end. */
    @Test
    public void e21_creditsBoundWhatIsPending() throws Exception {
        ServeOptions four = ServeOptions.builder().credits(4).build();
        ClientOptions patience =
                clientOptions().toBuilder().roomLimit(Duration.ofMillis(50)).build();
        try (Server server = Processional.serve(address(), four);
                SlaveProcess client = Processional.client(server.address(), patience);
                SlaveProcess other = client(server)) {
            String gate = Gates.fresh();
            List<Task<Integer>> tasks = new ArrayList<>();
            tasks.add(occupy(client, gate));
            for (int i = 1; i < 4; i++) {
                tasks.add(client.schedule(() -> 1));
            }
            assertThat(client.trySchedule(() -> 1)).isEmpty();
            assertThatThrownBy(() -> client.schedule(() -> 1))
                    .isInstanceOf(SlaveFullException.class)
                    .hasMessageContaining("4 are pending");
            Background<Set<String>> names = Background.start(client::names); // wants the main thread, but no credit
            names.awaitWaiting();
            Gates.open(gate);
            assertThat(names.result()).isEmpty();
            for (Task<Integer> task : tasks) {
                assertThat(task.await(SOON)).isEqualTo(1);
            }
            Optional<Task<Integer>> room = client.trySchedule(() -> 5);
            assertThat(room.orElseThrow().await(SOON)).isEqualTo(5);
            assertThat(other.invoke(() -> 1 + 0)).isEqualTo(1);
        }
    }

    /** Who waits for room gets it as soon as a task has ended. */
    @Test
    public void e22_whoWaitsForRoomGetsIt() throws Exception {
        ServeOptions one = ServeOptions.builder().credits(1).build();
        try (Server server = Processional.serve(address(), one);
                SlaveProcess client = client(server)) {
            for (int i = 0; i < rounds(100); i++) {
                String gate = Gates.fresh();
                Task<Integer> first = occupy(client, gate);
                int number = i;
                Background<Task<Integer>> waiting = Background.start(() -> client.schedule(() -> number));
                waiting.awaitWaiting();
                Gates.open(gate);
                assertThat(first.await(SOON)).isEqualTo(1);
                assertThat(waiting.result().await(SOON)).isEqualTo(number);
            }
        }
    }

    /** Closing a client lets its tasks finish, and refuses new ones. */
    @Test
    public void e23_closeLetsTasksFinish() throws Exception {
        try (Server server = serve()) {
            SlaveProcess client = client(server);
            String gate = Gates.fresh();
            Task<Integer> running = occupy(client, gate);
            Task<Integer> queued = client.schedule(() -> 2);
            Background<Integer> closing = Background.start(() -> {
                client.close();
                return 0;
            });
            Eventually.until("the client is closed", () -> !client.isOpen());
            assertThatThrownBy(() -> client.schedule(() -> 3)).isInstanceOf(SlaveClosedException.class);
            assertThat(closing.isDone()).isFalse();
            Gates.open(gate);
            assertThat(closing.result()).isZero();
            assertThat(running.await(Duration.ZERO)).isEqualTo(1);
            assertThat(queued.await(Duration.ZERO)).isEqualTo(2);
        }
    }

    /** A client that gives up waiting fails what is pending, and nothing hangs. */
    @Test
    public void e24_whatIsPendingFailsWithItsConnection() throws Exception {
        try (Server server = serve()) {
            SlaveProcess client = client(server);
            String gate = Gates.fresh();
            List<Task<Integer>> tasks = new ArrayList<>();
            tasks.add(occupy(client, gate));
            for (int i = 0; i < 20; i++) {
                tasks.add(client.schedule(() -> 1));
            }
            Background<Integer> waiter =
                    Background.start(() -> tasks.get(5).await()).awaitWaiting();
            client.terminate();
            for (Task<Integer> task : tasks) {
                assertThatThrownBy(() -> task.await(SOON)).isInstanceOf(ProcessionalException.class);
            }
            assertThat(waiter.failure()).isInstanceOf(ProcessionalException.class);
            assertThatThrownBy(() -> client.invoke(() -> 1 + 0)).isInstanceOf(SlaveClosedException.class);
            Gates.open(gate);
            try (SlaveProcess other = client(server)) {
                assertThat(other.invoke(() -> 1 + 0)).isEqualTo(1);
            }
        }
    }

    /** A server that ends finishes what it took; one that cannot fails it; in no case does a client hang. */
    @Test
    public void e25_aServerThatEndsAnswersOrFails() throws Exception {
        ServeOptions hasty =
                ServeOptions.builder().closeLimit(Duration.ofMillis(200)).build();
        Server server = Processional.serve(address(), hasty);
        try (SlaveProcess client = client(server)) {
            String gate = Gates.fresh();
            Task<Integer> stuck = occupy(client, gate);
            Task<Integer> behind = client.schedule(() -> 2);
            server.close();
            assertThatThrownBy(() -> stuck.await(SOON)).isInstanceOf(ProcessionalException.class);
            assertThatThrownBy(() -> behind.await(SOON)).isInstanceOf(ProcessionalException.class);
            assertThatThrownBy(() -> client.invoke(() -> 1 + 0)).isInstanceOf(ProcessionalException.class);
            Gates.open(gate);
            assertThat(server.await(SOON)).isTrue();
        }
        try (Server patient = serve();
                SlaveProcess client = client(patient)) {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                tasks.add(client.schedule(() -> number));
            }
            client.invoke(() -> 1 + 0); // all before it were taken
            patient.close();
            for (int i = 0; i < 50; i++) {
                assertThat(tasks.get(i).await(SOON)).isEqualTo(i);
            }
        }
    }

    /** Who does not know the secret is refused, and learns why; others are served. */
    @Test
    public void e26_aWrongSecretIsRefused() throws Exception {
        ServeOptions secret = ServeOptions.builder().secret("sesame").build();
        try (Server server = Processional.serve(address(), secret)) {
            assertThatThrownBy(() -> client(server))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("secret");
            ClientOptions wrong = clientOptions().toBuilder().secret("sesam").build();
            assertThatThrownBy(() -> Processional.client(server.address(), wrong))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("secret")
                    .hasMessageNotContaining("sesam");
            ClientOptions right = clientOptions().toBuilder().secret("sesame").build();
            try (SlaveProcess client = Processional.client(server.address(), right)) {
                assertThat(client.invoke(() -> 1 + 0)).isEqualTo(1);
            }
        }
    }

    /** Dependents of a future run on no thread that reads, and on nobody's who waits. */
    @Test
    public void e27_dependentsRunOnAPool() throws Exception {
        withClient(client -> {
            for (int i = 0; i < rounds(50); i++) {
                String gate = Gates.fresh();
                CompletableFuture<String> where =
                        occupy(client, gate).toCompletableFuture().thenApply(result -> threadName());
                Gates.open(gate);
                String name = where.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(name).doesNotContain("reader").doesNotContain("main").isNotEqualTo(threadName());
            }
        });
    }

    /** A client waits for its server to appear, and not for ever. */
    @Test
    public void e28_aClientWaitsForItsServer() throws Exception {
        String address = address();
        ClientOptions hasty =
                clientOptions().toBuilder().connectLimit(Duration.ofMillis(50)).build();
        assertThatThrownBy(() -> Processional.client(address, hasty)).isInstanceOf(ConnectionException.class);
        Background<Integer> early = Background.start(() -> {
            try (SlaveProcess client = Processional.client(address, clientOptions())) {
                return client.invoke(() -> 3 + 0);
            }
        });
        early.awaitWaiting();
        try (Server server = Processional.serve(address, ServeOptions.defaults())) {
            assertThat(early.result()).isEqualTo(3);
            assertThatThrownBy(() -> Processional.serve(address, ServeOptions.defaults()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("in use");
        }
    }

    /** A client can stop a server, and the address is free again. */
    @Test
    public void e29_aServerThatIsStoppedLeavesItsAddress() throws Exception {
        String address = address();
        for (int i = 0; i < 3; i++) {
            Server server = Processional.serve(address, ServeOptions.defaults());
            try (SlaveProcess client = Processional.client(address, clientOptions())) {
                assertThat(client.invoke(() -> 1 + 0)).isEqualTo(1);
                client.stop();
            }
            assertThat(server.await(SOON)).isTrue();
            assertThat(server.isOpen()).isFalse();
        }
    }

    /** When everything is closed, no thread of a connection or server is left. */
    @Test
    public void e30_noThreadIsLeft() throws Exception {
        Eventually.until("threads of the rules before end", () -> threads().isEmpty());
        withClient(client -> {
            assertThat(client.invoke(() -> 1 + 0)).isEqualTo(1);
            assertThat(client.schedule(() -> 2).await(SOON)).isEqualTo(2);
            assertThat(threads()).isNotEmpty();
        });
        Eventually.until("no thread is left", () -> threads().isEmpty());
        assertThat(threads()).isEmpty();
    }

    private static List<String> threads() {
        List<String> names = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            if (name.startsWith("processional-reader")
                    || name.startsWith("processional-writer")
                    || name.startsWith("processional-main")
                    || name.startsWith("processional-acceptor")) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names;
    }

    // ---- live stand-ins

    /** An interface with all kinds of methods. */
    public interface Counter {
        /** Counts, and tells the count. */
        int add(int number);

        /** Fails as it declares. */
        void fail(int code) throws OwnException;

        /** A default method, which runs where the object is. */
        default String where() {
            return Thread.currentThread().getName() + " " + (this instanceof Stub);
        }

        /** One that runs where it is called. */
        @Local
        default int addTwice(int number) {
            Gates.note("stub here", this instanceof Stub);
            return add(number) + add(number);
        }

        /** Nobody waits for it. */
        @OneWay
        void addWhenOpen(String gate, int number) throws InterruptedException;

        /** What it gives is not waited for. */
        CompletableFuture<Integer> later(String gate);

        /** The same as a future of the JDK. */
        Future<Integer> failLater();

        /** Whether something is the object itself. */
        boolean isMe(Object other);
    }

    /** Nobody else can see it. */
    private interface Unseen {}

    private static final class Counting implements Counter {
        private int count;

        @Override
        public int add(int number) {
            count += number;
            return count;
        }

        @Override
        public void fail(int code) throws OwnException {
            throw new OwnException("failed on purpose", code);
        }

        @Override
        public void addWhenOpen(String gate, int number) throws InterruptedException {
            Gates.pass(gate);
            count += number;
        }

        @Override
        public CompletableFuture<Integer> later(String gate) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    Gates.pass(gate);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 42;
            });
        }

        @Override
        public Future<Integer> failLater() {
            return CompletableFuture.failedFuture(new OwnException("failed later", 9));
        }

        @Override
        public boolean isMe(Object other) {
            return other == this;
        }

        @Override
        public String toString() {
            return "counting " + count;
        }
    }

    /** R3, R4: the methods of a stand-in run on the object, where it lives, and behave as they are declared. */
    @Test
    public void e31_aStandInCallsItsObject() throws Exception {
        withClient(client -> {
            Proxy<Counting> proxy = client.wrap(() -> new Counting());
            Counter counter = proxy.as(Counter.class);
            assertThat(counter.add(2)).isEqualTo(2);
            assertThat(counter.add(3)).isEqualTo(5);
            assertThat(counter.where()).isEqualTo(client.invoke(() -> threadName()) + " false");
            assertThat(counter.addTwice(10)).isEqualTo(15 + 25);
            assertThat(Gates.notes("stub here")).contains(true);
            assertThatThrownBy(() -> counter.fail(7))
                    .isInstanceOfSatisfying(
                            OwnException.class, e -> assertThat(e.code).isEqualTo(7));
            assertThat(counter.toString()).isEqualTo("counting 25");
            Counter same = proxy.as(Counter.class);
            assertThat(counter.equals(same)).isTrue();
            assertThat(counter.hashCode()).isEqualTo(same.hashCode());
            assertThat(counter.equals(client.wrap(Counter.class, () -> new Counting())))
                    .isFalse();
            assertThat(counter.equals(null)).isFalse();
            assertThat(counter.isMe(same)).as("at home it is the object").isTrue();
            assertThat(client.invoke(() -> counter.isMe(same) && !(counter instanceof Stub)))
                    .isTrue();
            proxy.close();
            assertThatThrownBy(() -> counter.add(1)).isInstanceOf(ProxyException.class);
        });
    }

    /** One-way methods and those that return futures do not wait. */
    @Test
    public void e32_aStandInDoesNotWaitWhereItNeedNot() throws Exception {
        withClient(client -> {
            Counter counter = client.wrap(Counter.class, () -> new Counting());
            String gate = Gates.fresh();
            CompletableFuture<Integer> later = counter.later(gate);
            assertThat(later.isDone()).isFalse();
            Gates.open(gate);
            assertThat(later.get(SOON.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(42);
            assertThatThrownBy(() -> counter.failLater().get(SOON.toMillis(), TimeUnit.MILLISECONDS))
                    .hasRootCauseInstanceOf(OwnException.class);
            String oneWay = Gates.fresh();
            counter.addWhenOpen(oneWay, 5);
            assertThat(Gates.isOpen(oneWay)).isFalse(); // it came back though the object still waits
            Gates.open(oneWay);
            assertThat(counter.add(1)).isEqualTo(6);
        });
    }

    /** A stub has the interfaces that the object has; what is no interface is told so, with the way out. */
    @Test
    public void e33_aStubHasTheInterfacesOfItsObject() throws Exception {
        withClient(client -> {
            Proxy<List<Integer>> proxy = client.wrap(() -> range(3));
            List<Integer> live = proxy.stub();
            live.add(3);
            assertThat(live.size()).isEqualTo(4);
            assertThat(new ArrayList<>(live)).containsExactly(0, 1, 2, 3);
            assertThat(proxy.<Integer, RuntimeException>call(list -> list.size()))
                    .isEqualTo(4);
            assertThat(client.invoke(() -> sum(live))).isEqualTo(6);
            assertThatThrownBy(() -> {
                        Proxy<ArrayList<Integer>> asClass = client.wrap(() -> new ArrayList<>(range(1)));
                        ArrayList<Integer> wrong = asClass.stub();
                        wrong.clear();
                    })
                    .isInstanceOf(ClassCastException.class);
            assertThatThrownBy(() -> proxy.as(Unseen.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("public");
            assertThatThrownBy(() -> proxy.as(ArrayList.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("call");
            assertThatThrownBy(() -> proxy.as(Counter.class))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("ArrayList")
                    .hasMessageContaining("Counter");
            assertThatThrownBy(() -> client.wrap(Counter.class, () -> (Counter) nothing()))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("null");
        });
    }

    // ---- objects of the client

    /** An object of the client, which calls the server again. */
    private static final class Bouncer {
        final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        final SlaveProcess server;

        Bouncer(SlaveProcess server) {
            this.server = server;
        }

        List<String> bounce(Proxy<Bouncer> self, int depth) {
            threads.add(Thread.currentThread());
            return server.invoke(() -> bounceThere(self, depth));
        }
    }

    private static List<String> bounceThere(Proxy<Bouncer> bouncer, int depth) {
        List<String> names = depth == 0 ? new ArrayList<>() : bouncer.call(it -> it.bounce(bouncer, depth - 1));
        names.add(Thread.currentThread().getName());
        return names;
    }

    /** Calls that come back run on the threads that wait for them, as deep as it goes. */
    @Test
    public void e34_nestedCallsRunOnTheThreadsThatWait() throws Exception {
        withClient(client -> {
            Bouncer bouncer = new Bouncer(client);
            try (Proxy<Bouncer> proxy = Processional.export(bouncer)) {
                String main = client.invoke(() -> Thread.currentThread().getName());
                assertThat(client.<List<String>, RuntimeException>invoke(() -> bounceThere(proxy, 50)))
                        .hasSize(51)
                        .containsOnly(main);
                assertThat(bouncer.threads).hasSize(50).containsOnly(Thread.currentThread());
                Task<List<String>> task = client.schedule(() -> bounceThere(proxy, 10));
                assertThat(task.await(SOON)).hasSize(11).containsOnly(main);
                Task<List<String>> beside = client.thread(() -> bounceThere(proxy, 10));
                assertThat(beside.await(SOON)).hasSize(11);
            }
        });
    }

    /** Calls that nobody waits for run one at a time, in their order; and so do those of several clients. */
    @Test
    public void e35_callsThatNobodyWaitsForRunInTheirOrder() throws Exception {
        withClient(client -> {
            List<Integer> got = Collections.synchronizedList(new ArrayList<>());
            int calls = rounds(1000);
            try (Proxy<List<Integer>> proxy = Processional.export(got)) {
                client.schedule(() -> {
                            for (int i = 0; i < calls; i++) {
                                int number = i;
                                Task<Boolean> unused = proxy.schedule(list -> list.add(number));
                            }
                        })
                        .toCompletableFuture()
                        .get(SOON.toMillis(), TimeUnit.MILLISECONDS);
                Eventually.until("all calls have run", () -> got.size() == calls);
                assertThat(got).isEqualTo(range(calls));
                assertThatThrownBy(() -> client.invoke(() -> proxy.call(list -> failOf(list))))
                        .isInstanceOfSatisfying(
                                OwnException.class, e -> assertThat(e.code).isEqualTo(calls));
            }
        });
    }

    private static int failOf(List<Integer> list) throws OwnException {
        return fail(list.size());
    }

    /** Proxies go there and back. */
    @Test
    public void e36_whatACallCapturesAndReturnsIsAnObjectOfItsOwnerEverywhere() throws Exception {
        withClient(client -> {
            List<Integer> mine = new ArrayList<>(range(3));
            try (Proxy<List<Integer>> proxy = Processional.export(mine)) {
                Proxy<List<Integer>> back = client.invoke(() -> proxy);
                assertThat(back.get()).isSameAs(mine);
                assertThat(client.invoke(() -> proxy.<Integer, RuntimeException>call(list -> list.size())))
                        .isEqualTo(3);
                assertThat(client.invoke(() -> proxy.get())).isEqualTo(mine);
                Proxy<List<Integer>> theirs = client.invoke(() -> Processional.export(range(4)));
                assertThat(theirs.get()).isEqualTo(range(4));
                assertThat(Processional.exports()).isNotEmpty();
                theirs.close();
            }
        });
    }

    // ---- many small tasks

    /** Frames of many small tasks may be gathered on the way, but none waits for another one to be sent or to end. */
    @Test
    public void e37_gatheredTasksAndAnswersArriveWithoutAnybodyWaiting() throws Exception {
        withClient(client -> {
            for (int round = 0; round < 5; round++) {
                String gate = Gates.fresh();
                List<Task<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int number = i;
                    tasks.add(client.schedule(() -> noted(gate, number)));
                }
                Task<Integer> last = client.schedule(() -> passed(gate));
                Eventually.until("every task has run", () -> Gates.notes(gate).size() == 200);
                Eventually.until("every answer has come", () -> tasks.stream().allMatch(Task::isDone));
                assertThat(Gates.notes(gate)).isEqualTo(range(200));
                assertThat(last.isDone()).isFalse();
                Gates.open(gate);
                assertThat(last.await(SOON)).isEqualTo(1);
            }
        });
    }

    private static int noted(String name, int number) {
        Gates.note(name, number);
        return number;
    }

    private static int passed(String gate) throws InterruptedException {
        Gates.pass(gate);
        return 1;
    }
}
