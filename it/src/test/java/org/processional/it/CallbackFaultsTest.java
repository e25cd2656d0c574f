// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.export;
import static org.processional.Processional.scope;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Export;
import org.processional.Proxy;
import org.processional.ProxyScope;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.Task;
import org.processional.WaitInterruptedException;

/** Calls that come back where it is tight: no credits, no room, executors that wait, interrupts in the middle. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class CallbackFaultsTest extends OverTransports {
    /** Calls a slave again. */
    static class Caller {
        final SlaveProcess slave;

        Caller(SlaveProcess slave) {
            this.slave = slave;
        }

        int again() {
            return slave.<Integer, RuntimeException>invoke(() -> 1);
        }

        int here() {
            return 2;
        }
    }

    static int callAgain(Proxy<Caller> caller) {
        return caller.<Integer, RuntimeException>call(it -> it.again());
    }

    static int callHere(Proxy<Caller> caller) {
        return caller.<Integer, RuntimeException>call(it -> it.here());
    }

    /** The callback is in the queue of the thread that begins to wait for it. */
    @Test
    void aCallThatWentHomeIsRunByTheThreadThatBeginsToWait() {
        try (SlaveProcess slave = slave();
                SlaveThread worker = slaveThread();
                Proxy<Caller> proxy = export(new Caller(slave), worker.executor())) {
            Task<Integer> task = worker.schedule(() -> {
                Task<Integer> there = slave.schedule(() -> callHere(proxy));
                slave.thread(() -> 0).await(); // the callback has most often come by then
                return there.await();
            });
            assertThat(task.await(Duration.ofSeconds(20))).isEqualTo(2);
        }
    }

    @Test
    void nestedCallsNeedNoCredits() {
        SlaveOptions tight = SlaveOptions.builder()
                .credits(2)
                .roomLimit(Duration.ofSeconds(20))
                .build();
        try (SlaveProcess slave = slave(tight);
                Proxy<Caller> proxy = export(new Caller(slave))) {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(thread(() -> {
                    int sum = 0;
                    for (int k = 0; k < Rounds.of(200); k++) {
                        sum += slave.<Integer, RuntimeException>invoke(() -> callAgain(proxy));
                    }
                    return sum;
                }));
            }
            for (Task<Integer> task : tasks) {
                assertThat(task.await(Duration.ofSeconds(60))).isEqualTo(Rounds.of(200));
            }
        }
    }

    /** One that runs at once runs on no reader. */
    @Test
    void anExecutorThatRunsAtOnceOrWaitsHoldsNobodyUp() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (SlaveProcess slave = slave();
                Proxy<Caller> direct = export(new Caller(slave), Runnable::run);
                Proxy<Caller> waiting = export(new Caller(slave), work -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    work.run();
                })) {
            Task<Boolean> done = slave.schedule(() -> {
                Task<Integer> one = direct.schedule(it -> it.again());
                Task<Integer> two = waiting.schedule(it -> it.here());
                return one.isDone() && two.isDone();
            });
            assertThat(done.await(Duration.ofSeconds(20))).isFalse();
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 3)).isEqualTo(3);
            go.countDown();
        }
    }

    @Test
    void anExecutorThatIsShutDownFailsTheCall() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        try (SlaveProcess slave = slave();
                Proxy<Caller> proxy = export(new Caller(slave), executor)) {
            Task<Integer> task = slave.schedule(() -> callHere(proxy)); // nobody waits for it in its chain
            assertThatThrownBy(() -> task.toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(RejectedExecutionException.class);
        }
    }

    static class Big {
        String big() {
            return "x".repeat(60_000);
        }
    }

    /** More answers than the connection between the two takes at once. */
    @Test
    void muchThatASlaveAsksOfAnotherComes() {
        try (SlaveProcess owner = slave();
                SlaveProcess user = slave()) {
            owner.connect(user);
            Proxy<Big> big = owner.wrap(() -> new Big());
            Task<Integer> count = user.schedule(() -> {
                List<Task<String>> all = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    all.add(big.schedule(it -> it.big()));
                }
                int length = 0;
                for (Task<String> task : all) {
                    length += task.await().length();
                }
                return length;
            });
            assertThat(count.await(Duration.ofSeconds(60))).isEqualTo(500 * 60_000);
        }
    }

    /** An own interface. */
    public interface Builder {
        CompletableFuture<Integer> rebuild();
    }

    static class BuilderThere implements Builder {
        @Override
        public CompletableFuture<Integer> rebuild() {
            return CompletableFuture.supplyAsync(() -> 1);
        }
    }

    @Test
    void whatIsPendingOutlivesItsScope() throws Exception {
        try (SlaveProcess slave = slave();
                Proxy<Builder> proxy = slave.wrap(() -> new BuilderThere())) {
            for (int i = 0; i < Rounds.of(300); i++) {
                CompletableFuture<Integer> future;
                try (ProxyScope scope = scope()) {
                    future = scope.keep(proxy).as(Builder.class).rebuild();
                }
                assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    /** Proxies of a third process arrive, or are given back, whenever the function is cancelled. */
    @Test
    void cancelledFunctionsLeaveNoProxiesBehind() {
        try (SlaveProcess owner = slave();
                SlaveProcess user = slave()) {
            owner.connect(user);
            Proxy<List<String>> list = owner.wrap(() -> new ArrayList<>());
            Random random = new Random(Rounds.seed());
            for (int i = 0; i < Rounds.of(2000); i++) {
                Task<Integer> task = user.thread(() -> list.<Integer, RuntimeException>call(it -> it.size()));
                long until = System.nanoTime() + random.nextInt(1_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                task.cancel(true);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                user.invoke(() -> System.gc());
                assertThat(owner.exports())
                        .singleElement()
                        .satisfies(export -> assertThat(export.holders())
                                .extracting(Export.Holder::pid)
                                .containsExactly(ProcessHandle.current().pid()));
            });
            list.close();
        }
    }

    /** The number of wraps that were interrupted. */
    private static int wrapAgainAndAgain(SlaveProcess slave, int rounds) {
        int interrupted = 0;
        for (int i = 0; i < rounds; i++) {
            try {
                slave.wrap(() -> new StringBuilder("wrapped")).close();
            } catch (WaitInterruptedException e) {
                interrupted++;
                Thread.interrupted();
            }
        }
        return interrupted;
    }

    @Test
    void anInterruptedWrapLeavesNothingBehind() throws Exception {
        try (SlaveProcess slave = slave()) {
            Random random = new Random(Rounds.seed());
            int rounds = Rounds.of(10_000);
            FutureTask<Integer> wraps = new FutureTask<>(() -> wrapAgainAndAgain(slave, rounds));
            Thread wrapper = new Thread(wraps);
            wrapper.start();
            while (wrapper.isAlive()) {
                wrapper.join(0, random.nextInt(300_000));
                wrapper.interrupt();
            }
            assertThat(wraps.get()).as("interrupted ones").isPositive().isLessThan(rounds);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                System.gc();
                assertThat(slave.exports()).isEmpty();
            });
        }
    }
}
