// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.export;
import static org.processional.Processional.scope;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.CodecException;
import org.processional.Export;
import org.processional.Processional;
import org.processional.ProcessionalException;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.ProxyScope;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.Task;
import org.processional.TaskTimeoutException;

/** Objects of the master, and of slaves, that others call: BEHAVIOUR.md, rows R5 to R9, and calls that come back. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allAndJnrIfFull")
class CallbackTest extends OverTransports {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static SlaveProcess first;
    private static SlaveProcess second;

    @BeforeParameterizedClassInvocation
    static void start(String transport) {
        first = newSlave(transport);
        second = newSlave(transport);
    }

    @AfterParameterizedClassInvocation
    static void end() {
        first.close();
        second.close();
    }

    @AfterEach
    void nothingIsHeldInTheEnd() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            collect();
            assertThat(Processional.exports()).isEmpty();
            assertThat(first.exports()).isEmpty();
            assertThat(second.exports()).isEmpty();
        });
    }

    /** What is garbage anywhere is found by a collection there. */
    private static void collect() {
        System.gc();
        first.invoke(() -> System.gc());
        second.invoke(() -> System.gc());
    }

    /** What the master has; not serializable. */
    static class Listener {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());

        String hear(String word) {
            heard.add(word + " on " + Thread.currentThread().getName());
            return word + "!";
        }
    }

    /** What others call it by. */
    public interface Ear {
        String hear(String word) throws IOException;
    }

    // ---- an object of a slave

    @Test
    void r1_r2_wrapKeepsTheObjectThereAndGetIsACopyHere() {
        Proxy<List<Long>> pids = first.wrap(() -> new ArrayList<>(List.of(Heavy.pid())));
        assertThat(pids.get()).containsExactly(first.pid());
        pids.get().add(0L);
        assertThat(pids.get()).hasSize(1);
        pids.close();
    }

    @Test
    void r3_methodsOfAStandInAreCalledInTheProcessOfTheObject() {
        try (Proxy<List<Long>> pids = first.wrap(() -> new ArrayList<>())) {
            List<Long> live = pids.stub();
            assertThat(live.add(1L)).isTrue();
            assertThat(live.set(0, 2L)).isEqualTo(1L);
            assertThat(pids.get()).containsExactly(2L);
            assertThat(live.remove(0)).isEqualTo(2L);
            assertThat(live.isEmpty()).isTrue();
        }
    }

    @Test
    void r4_aProxyThatGoesHomeIsTheObjectItself() {
        try (Proxy<Object> object = first.wrap(() -> Registry.object = new Object())) {
            assertThat(first.invoke(() -> object.get() == Registry.object && object.get() == object.get()))
                    .isTrue();
            first.invoke(() -> Registry.object = null);
        }
    }

    static String tell(Proxy<Listener> listener, String word) {
        return listener.call(it -> it.hear(word));
    }

    static String hereOn(String word) {
        return word + " on " + Thread.currentThread().getName();
    }

    @Test
    void r8_aSlaveCallsTheObjectOfItsMasterOnTheThreadThatWaits() {
        Listener listener = new Listener();
        try (Proxy<Listener> proxy = export(listener)) {
            assertThat(proxy.get()).isSameAs(listener);
            assertThat(first.invoke(() -> tell(proxy, "one"))).isEqualTo("one!");
            Task<String> task = first.schedule(() -> tell(proxy, "two"));
            assertThat(task.await()).isEqualTo("two!");
            assertThat(listener.heard).hasSize(2).contains(hereOn("one"));
        }
    }

    @Test
    void r8_whereNobodyWaitsCallsRunInOrderOnAPoolOrTheGivenExecutor() throws Exception {
        Listener pooled = new Listener();
        Listener ruled = new Listener();
        CountDownLatch done = new CountDownLatch(1);
        try (SlaveThread thread = slaveThread();
                Proxy<Listener> onPool = export(pooled);
                Proxy<Listener> onThread = export(ruled, thread.executor())) {
            String own = thread.invoke(() -> hereOn(""));
            first.schedule(() -> {
                        for (int i = 0; i < 100; i++) {
                            int number = i;
                            onPool.schedule(it -> it.hear("" + number));
                            onThread.schedule(it -> it.hear("" + number));
                        }
                    })
                    .toCompletableFuture()
                    .thenRun(done::countDown);
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            await().until(() -> pooled.heard.size() == 100 && ruled.heard.size() == 100);
            for (int i = 0; i < 100; i++) {
                assertThat(pooled.heard.get(i)).startsWith(i + " on processional-completion-");
                assertThat(ruled.heard.get(i)).isEqualTo(i + own);
            }
        }
    }

    @Test
    void r8_anExportedObjectIsCalledByAnInterfaceOfAModuleThatExportsNothing() throws Exception {
        Listener listener = new Listener();
        Ear here = listener::hear;
        try (Proxy<Ear> proxy = export(here, MethodHandles.lookup())) {
            assertThat(first.invoke(() -> proxy.as(Ear.class).hear("through a stand-in")))
                    .isEqualTo("through a stand-in!");
            assertThat(listener.heard).containsExactly(hereOn("through a stand-in"));
        }
    }

    // ---- calls that come back

    /** Calls a slave that calls it. */
    static class Ball {
        final List<Thread> threads = new ArrayList<>();

        int down(Proxy<Ball> self, int depth) {
            threads.add(Thread.currentThread());
            return depth == 0 ? 0 : 1 + first.invoke(() -> downThere(self, depth - 1));
        }
    }

    static int downThere(Proxy<Ball> ball, int depth) {
        if (!Thread.currentThread().getName().equals("main")) {
            throw new IllegalStateException(Thread.currentThread().getName());
        }
        return depth == 0 ? 0 : 1 + ball.call(it -> it.down(ball, depth - 1));
    }

    @Test
    void nestedCallsOfAnyDepthRunOnTheThreadsThatWait() {
        Ball ball = new Ball();
        try (Proxy<Ball> proxy = export(ball)) {
            assertThat(first.invoke(() -> downThere(proxy, 50))).isEqualTo(50);
            assertThat(ball.threads).hasSize(25).containsOnly(Thread.currentThread());
            ball.threads.clear();
            Task<Integer> task = first.schedule(() -> downThere(proxy, 50));
            assertThat(task.await()).isEqualTo(50);
        }
    }

    /** The same, in the middle of what a slave thread does, and beside other work of the slave. */
    @Test
    void nestedCallsGoBeforeWhatIsQueued() {
        Ball ball = new Ball();
        try (Proxy<Ball> proxy = export(ball);
                SlaveThread thread = slaveThread()) {
            List<Task<Integer>> queued = new ArrayList<>();
            Task<Integer> deep = thread.schedule(() -> first.invoke(() -> downThere(proxy, 20)));
            for (int i = 0; i < 50; i++) {
                queued.add(first.schedule(() -> downThere(proxy, 0)));
            }
            assertThat(deep.await(Duration.ofSeconds(20))).isEqualTo(20);
            queued.forEach(task -> assertThat(task.await()).isZero());
        }
    }

    /** A slave schedules, does something else, and waits later: what came back meanwhile is not behind itself. */
    @Test
    void aCallThatCameBackBeforeItsThreadWaitsIsRunThen() throws IOException {
        first.connect(second);
        FileGate gate = FileGate.in(folder, "came-back");
        Proxy<List<String>> there = first.wrap(() -> new ArrayList<>());
        Proxy<List<String>> far = second.wrap(() -> new ArrayList<>());
        Proxy<Object> unknown = first.wrap(() -> new Object());
        Task<String> result = first.schedule(() -> {
            Task<Boolean> task = far.schedule(list -> there.<Boolean, RuntimeException>call(own -> own.add("back")));
            gate.pass();
            return task.await() + " " + there.get();
        });
        await().atMost(SOON).until(() -> second.thread(() -> mainThreadAsks()).await());
        assertThat(second.thread(() -> unknown != null).await(SOON)) // asks first for it, behind the call
                .isTrue();
        gate.open();
        assertThat(result.await(SOON)).isEqualTo("true [back]");
        there.close();
        far.close();
        unknown.close();
    }

    /** Whether a function of this class waits on the main thread, for what it asked of another process. */
    static boolean mainThreadAsks() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals("main"))
                .map(each -> Arrays.toString(each.getValue()))
                .anyMatch(stack -> stack.contains("CallbackTest") && stack.contains("forAnswer"));
    }

    /** What a nested call schedules where its caller waits, and then waits for, is not behind the caller. */
    @Test
    void whatIsScheduledAndAwaitedInAChainDoesNotDeadlock() {
        first.connect(second);
        Proxy<List<String>> list = first.wrap(() -> new ArrayList<>());
        Proxy<List<String>> far = second.wrap(() -> new ArrayList<>());
        List<String> result = first.<List<String>, RuntimeException>invoke(() -> {
            far.<RuntimeException>run(it -> {
                Task<Boolean> one = list.schedule(own -> own.add("one"));
                Task<Boolean> two = list.schedule(own -> own.add("two"));
                two.await();
                one.await();
            });
            return list.get();
        });
        assertThat(result).containsExactlyInAnyOrder("one", "two");
        list.close();
        far.close();
    }

    /** Works for longer than the limit of who waits for it, and asks for more when that is over. */
    static class Slow {
        static final Duration LIMIT = Duration.ofMillis(100);

        private final CountDownLatch never = new CountDownLatch(1);
        volatile Thread worker;
        volatile boolean done;

        int work() throws InterruptedException {
            worker = Thread.currentThread();
            assertThat(never.await(3 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            int more = first.<Integer, RuntimeException>invoke(() -> 7);
            done = true;
            return more;
        }
    }

    @Test
    void aTimeLimitDoesNotExpireInTheMiddleOfANestedCall() {
        boolean here = false;
        for (int attempt = 0; attempt < 20 && !here; attempt++) { // it may come before this thread waits, or too late
            here = worksOnTheThreadThatWaits(new Slow());
        }
        assertThat(here).as("it ran on the thread that waited").isTrue();
    }

    /** Whether it did, for the time of the limit and longer; if so, it was not disturbed. */
    private static boolean worksOnTheThreadThatWaits(Slow slow) {
        try (Proxy<Slow> proxy = export(slow)) {
            Task<Integer> task = first.schedule(() -> proxy.call(it -> it.work()));
            try {
                assertThat(task.await(Slow.LIMIT)).isEqualTo(7);
            } catch (TaskTimeoutException e) { // the answer was not there yet when the work was done
                assertThat(e).hasMessageContaining("PT0.1S");
            }
            boolean here = slow.worker == Thread.currentThread();
            assertThat(slow.done || !here).as("in the middle").isTrue();
            assertThat(task.await(SOON)).isEqualTo(7);
            return here;
        }
    }

    /** Of a ring of three processes. */
    static class Node {
        static Proxy<Node> next;
        static final List<String> threads = Collections.synchronizedList(new ArrayList<>());

        int around(int steps) {
            threads.add(Thread.currentThread().getName());
            return steps == 0 ? 0 : 1 + next.call(it -> it.around(steps - 1));
        }

        static List<String> threads() {
            List<String> all = List.copyOf(threads);
            threads.clear();
            return all;
        }
    }

    static Void nextIs(Proxy<Node> proxy) {
        Node.next = proxy;
        return null;
    }

    @Test
    void aRingOfThreeProcessesCallsItselfFiftyTimes() {
        first.connect(second);
        Proxy<Node> a = first.wrap(() -> new Node());
        Proxy<Node> b = second.wrap(() -> new Node());
        Proxy<Node> here = export(new Node());
        nextIs(a);
        first.invoke(() -> nextIs(b));
        second.invoke(() -> nextIs(here));
        assertThat(here.<Integer, RuntimeException>call(it -> it.around(50))).isEqualTo(50);
        assertThat(Node.threads()).containsOnly(Thread.currentThread().getName());
        assertThat(first.<List<String>, RuntimeException>invoke(() -> Node.threads()))
                .hasSize(17)
                .containsOnly("main");
        assertThat(second.<List<String>, RuntimeException>invoke(() -> Node.threads()))
                .hasSize(17)
                .containsOnly("main");
        nextIs(null);
        first.invoke(() -> nextIs(null));
        second.invoke(() -> nextIs(null));
        a.close();
        b.close();
        here.close();
    }

    // ---- third parties

    @Test
    void r5_aProxyOfAnotherProcessWorksOnceTheTwoAreConnected() {
        try (SlaveProcess owner = slave();
                SlaveProcess user = slave()) {
            Proxy<List<String>> list = owner.wrap(() -> new ArrayList<>(List.of("a")));
            assertThatThrownBy(() -> user.invoke(() -> list.get()))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("connect(")
                    .hasMessageContaining("process " + owner.pid());
            user.connect(owner);
            user.connect(owner); // once more does nothing
            assertThat(user.<List<String>, RuntimeException>invoke(() -> list.get()))
                    .containsExactly("a");
            assertThat(user.invoke(() -> list.<Boolean, RuntimeException>call(it -> it.add("b"))))
                    .isTrue();
            assertThat(list.get()).containsExactly("a", "b");
            // the other way round, over the same connection
            Proxy<List<String>> back = user.wrap(() -> new ArrayList<>(List.of("x")));
            assertThat(owner.<List<String>, RuntimeException>invoke(() -> back.get()))
                    .containsExactly("x");
            // from the user to the master: a proxy whose owner the master knows
            Proxy<Proxy<List<String>>> kept = user.wrap(() -> list);
            Proxy<List<String>> again = kept.get();
            list.close();
            assertThat(again.get()).containsExactly("a", "b");
            assertThatThrownBy(() -> owner.connect(new NoProcess().process()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A process that is none of Processional's. */
    private static final class NoProcess {
        SlaveProcess process() {
            return (SlaveProcess) java.lang.reflect.Proxy.newProxyInstance(
                    NoProcess.class.getClassLoader(),
                    new Class<?>[] {SlaveProcess.class},
                    (self, method, arguments) -> method.getName().equals("toString") ? "no process" : null);
        }
    }

    @Test
    void r5_whatAProcessPassedOnIsHeldByTheOneThatHasIt() {
        first.connect(second);
        Proxy<List<String>> list = second.wrap(() -> new ArrayList<>(List.of("kept")));
        Proxy<Holder> holder = first.wrap(() -> new Holder(list));
        list.close();
        collect();
        assertThat(second.exports())
                .singleElement()
                .satisfies(export -> assertThat(export.holders())
                        .extracting(Export.Holder::pid)
                        .containsExactly(first.pid()));
        assertThat(first.<List<String>, RuntimeException>invoke(
                        () -> holder.get().list.get()))
                .containsExactly("kept");
        holder.close();
    }

    /** Keeps a proxy. */
    static class Holder {
        final Proxy<List<String>> list;

        Holder(Proxy<List<String>> list) {
            this.list = list;
        }
    }

    // ---- collection

    @Test
    void r6_exportsTellWhatIsHeldForWhomAndSinceWhen() {
        Listener listener = new Listener();
        Proxy<Listener> proxy = export(listener);
        Proxy<Proxy<Listener>> there = first.wrap(() -> proxy);
        proxy.close();
        assertThat(Processional.exports()).singleElement().satisfies(export -> {
            assertThat(export.type()).isEqualTo(Listener.class.getName());
            assertThat(export.holders()).extracting(Export.Holder::process).containsExactly(first.id());
            assertThat(export.since()).isBetween(java.time.Instant.now().minusSeconds(60), java.time.Instant.now());
            assertThat(export.site()).isEmpty();
        });
        assertThat(first.invoke(() -> tell(there.get(), "still"))).isEqualTo("still!");
        first.wrap("a name", () -> "named").close();
        assertThat(first.exports()).hasSize(2).anySatisfy(export -> {
            assertThat(export.names()).containsExactly("a name");
            assertThat(export.type()).isEqualTo("java.lang.String");
        });
        first.remove("a name");
        there.close();
    }

    @Test
    void r6_aScopeClosesWhatWasWrappedInIt() {
        Proxy<List<Integer>> kept;
        Proxy<List<Integer>> dropped;
        try (ProxyScope outer = scope()) {
            try (ProxyScope inner = scope()) {
                dropped = first.wrap(() -> new ArrayList<>());
                kept = inner.keep(first.wrap(() -> new ArrayList<>(List.of(7))));
                assertThat(first.exports()).hasSize(2);
                assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(dropped::get).isInstanceOf(ProxyException.class);
            assertThat(kept.get()).containsExactly(7);
        }
        assertThatThrownBy(kept::get).isInstanceOf(ProxyException.class);
        await().untilAsserted(() -> assertThat(first.exports()).isEmpty()); // it does not queue behind a release
    }

    @Test
    void r6_resultsThatNobodyReadsReleaseWhatTheyCarry() {
        for (int i = 0; i < Rounds.of(200); i++) {
            Task<Proxy<List<String>>> task = first.schedule(() -> export(new ArrayList<>(List.of("unread"))));
            if (i % 3 == 0) {
                task.cancel(false);
            }
        }
        Proxy<Listener> proxy = export(new Listener());
        for (int i = 0; i < Rounds.of(200); i++) {
            first.schedule(() -> tell(proxy, "cancelled")).cancel(false);
        }
        proxy.close();
        assertThat(first.invoke(() -> 1)).isEqualTo(1); // and then nothing is held, as after every test
    }

    /** A message that cannot be read to its end. */
    @Test
    void r6_whatCannotBeReadReleasesWhatItCarries() {
        try (Proxy<Listener> proxy = export(new Listener())) {
            List<Object> message = new ArrayList<>(List.of(new Bomb(), proxy));
            assertThatThrownBy(() -> first.invoke(() -> message.size())).isInstanceOf(CodecException.class);
        }
        assertThatThrownBy(() -> first.invoke(() -> listOf(new Bomb(), export(new Listener()))))
                .isInstanceOf(CodecException.class); // and then nothing is held, as after every test
    }

    private static List<Object> listOf(Object... all) {
        return new ArrayList<>(List.of(all));
    }

    @Test
    void r6_whoIsInterruptedWhileItReadsAProxyOfAThirdProcessHoldsNothing() {
        first.connect(second);
        Proxy<List<String>> list = second.wrap(() -> new ArrayList<>());
        for (int i = 0; i < Rounds.of(2000); i++) {
            first.schedule(() -> list == null).cancel(true);
        }
        list.close();
        assertThat(first.invoke(() -> 1)).isEqualTo(1);
    }

    /** Keeps a slave waiting. */
    static class Gate {
        final CountDownLatch open = new CountDownLatch(1);

        boolean pass() throws InterruptedException {
            return open.await(20, TimeUnit.SECONDS);
        }
    }

    /** The message arrives nevertheless, with what else is in it; who uses the proxy learns why it does not work. */
    @Test
    void r9_aProxyOfAThirdProcessThatWasReleasedOnItsWayFailsWhenItIsUsed() {
        first.connect(second);
        Listener listener = new Listener();
        Gate gate = new Gate();
        try (Proxy<Listener> proxy = export(listener);
                Proxy<Gate> wait = export(gate)) {
            Proxy<List<String>> list = second.wrap(() -> new ArrayList<>());
            Task<Boolean> waits = first.schedule(() -> wait.<Boolean, InterruptedException>call(it -> it.pass()));
            Task<String> told = first.schedule(() -> list == null ? "" : tell(proxy, "here"));
            Task<Integer> used = first.schedule(() -> list.get().size());
            list.close();
            await().until(() -> second.exports().isEmpty());
            gate.open.countDown();
            assertThat(waits.await()).isTrue();
            assertThat(told.await()).isEqualTo("here!");
            assertThatThrownBy(used::await)
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("process " + second.pid())
                    .hasMessageContaining("released");
        }
    }

    @Test
    void r7_aDeadClientAndADeadOwnerReleaseWhatTheyHeld() {
        Listener listener = new Listener();
        Proxy<Listener> proxy = export(listener);
        try (SlaveProcess dying = slave()) {
            Proxy<Proxy<Listener>> there = dying.wrap(() -> proxy);
            Proxy<List<String>> list = dying.wrap(() -> new ArrayList<>());
            assertThat(Processional.exports().get(0).holders()).hasSize(2);
            dying.terminate();
            await().untilAsserted(() ->
                    assertThat(Processional.exports().get(0).holders()).hasSize(1));
            assertThatThrownBy(list::get).isInstanceOf(ProcessionalException.class);
            assertThatThrownBy(there::get).isInstanceOf(ProcessionalException.class);
        }
        assertThat(proxy.get()).isSameAs(listener);
        proxy.close();
    }

    @Test
    void r9_aProxyOfADroppedObjectNamesObjectAndProcess() {
        Proxy<List<String>> list = first.wrap(() -> new ArrayList<>());
        first.invoke(() -> Registry.kept = list);
        list.close();
        assertThatThrownBy(() -> first.invoke(() -> Registry.useAgain(list)))
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(list::get)
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("process " + first.pid())
                .hasMessageContaining("object ");
        first.invoke(() -> Registry.kept = null);
    }

    /** What a slave remembers. */
    static class Registry {
        static Proxy<List<String>> kept;
        static Object object;

        static int useAgain(Proxy<List<String>> list) {
            return list.get().size();
        }
    }

    @Test
    void r6_manyRoundsOfWrapAndDropLeaveNothing() {
        long before = first.invoke(() -> Heavy.usedAfterCollection());
        int rounds = Rounds.of(transport.equals("shm") ? 100_000 : 10_000);
        for (int i = 0; i < rounds; i++) {
            Proxy<int[]> proxy = first.wrap(() -> new int[16]);
            if (i % 2 == 0) {
                proxy.close();
            }
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            collect();
            assertThat(first.exports()).isEmpty();
        });
        assertThat(first.invoke(() -> Heavy.usedAfterCollection()) - before).isLessThan(4 << 20);
    }
}
