// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.export;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Export;
import org.processional.Processional;
import org.processional.Proxy;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.it.ProxyModel.Place;

/**
 * Three processes wrap, export, pass on, drop and call objects at random, and now and then one of them is killed; in the
 * end each holds what the model says. The transport is that of {@code -Dprocessional.transport}.
 */
@Timeout(600)
class ProxyModelTest {
    private static final int SEEDS = 200;
    private static final int STEPS = Rounds.FULL ? 50 : 20; // between two checks
    private static final int ONE_IN_KILLS = 8; // of the seeds
    private static final long LIMIT_SECONDS = 60;

    private final ProxyModel model = new ProxyModel();
    private final AtomicInteger threads = new AtomicInteger();

    @Test
    void whoHoldsWhatAgreesWithTheModel() throws Exception {
        long first = Rounds.seed();
        try (LogCapture log = new LogCapture()) { // many tasks fail here that nobody asks for
            run(first, log);
        }
    }

    private void run(long first, LogCapture log) throws Exception {
        start();
        try {
            for (int i = 0; i < Rounds.of(SEEDS); i++) {
                long seed = first + i;
                try {
                    run(new Random(seed * 0x9E3779B97F4A7C15L));
                } catch (Exception | AssertionError e) {
                    String after = "\nthe last steps:\n" + model.lastSteps() + "\nthe log:\n" + log.tail();
                    throw new AssertionError("-Dprocessional.seed=" + seed + ": " + e.getMessage() + after, e);
                }
            }
        } finally {
            end();
        }
    }

    private void run(Random random) throws Exception {
        int parallel = 1 + random.nextInt(2);
        boolean kills = random.nextInt(ONE_IN_KILLS) == 0;
        for (int part = 0; part < 2; part++) {
            steps(random, parallel, kills && part == 0);
            check();
        }
        for (Place place : model.places()) {
            clear(place);
        }
        model.clear();
        check();
    }

    // ---- steps

    /** By threads that end: the JVM may keep the exception that a thread threw last, and so a proxy in it. */
    private void steps(Random random, int parallel, boolean kills) throws Exception {
        ExecutorService workers =
                Executors.newFixedThreadPool(parallel, work -> new Thread(work, "steps-" + threads.incrementAndGet()));
        try {
            steps(random, parallel, kills, workers);
        } finally {
            workers.shutdownNow();
            assertThat(workers.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private void steps(Random random, int parallel, boolean kills, ExecutorService workers) throws Exception {
        ReentrantLock crossing = new ReentrantLock();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            Random own = new Random(random.nextLong());
            int killedAt = kills && i == 0 ? random.nextInt(STEPS / parallel) : -1;
            running.add(workers.submit(() -> {
                ProxySteps steps = new ProxySteps(model, own, crossing);
                for (int step = 0; step < STEPS / parallel; step++) {
                    if (step == killedAt) {
                        kill(own);
                    }
                    steps.step();
                }
                return true;
            }));
        }
        for (Future<?> each : running) {
            try {
                each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("steps hang: " + stacks(), e);
            }
        }
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append('\n').append(thread.getName());
            for (StackTraceElement frame : frames) {
                text.append("\n    ").append(frame);
            }
        });
        return text.toString();
    }

    private void kill(Random random) {
        Place victim = model.dying(random);
        model.log("kill " + victim);
        victim.process.terminate();
        ProcessHandle.of(victim.pid()).ifPresent(handle -> handle.onExit().join());
        model.dead(victim);
        join(victim.index);
        model.log("there is a new " + victim);
    }

    // ---- processes

    private void start() {
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(Processional.exports()).as("left by other tests").isEmpty();
        });
        Proxy<Vault> vault = export(Vault.HERE);
        String id = Processional.exports().get(0).holders().get(0).process();
        model.live(new Place(0, null, id, vault));
        join(1);
        join(2);
    }

    /** Starts a slave, and makes it and the others known to each other. */
    private void join(int index) {
        SlaveProcess slave = Processional.slave(
                SlaveOptions.builder().heap("64m").flags("-XX:+UseSerialGC").build());
        Proxy<Vault> vault = slave.wrap(() -> Vault.HERE);
        for (Place other : model.places()) {
            int its = other.index;
            Proxy<Vault> there = other.vault;
            if (other.process != null) {
                slave.connect(other.process);
                other.process.<Boolean, RuntimeException>invoke(() -> Vault.know(index, vault));
            }
            slave.<Boolean, RuntimeException>invoke(() -> Vault.know(its, there));
        }
        model.live(new Place(index, slave, slave.id(), vault));
    }

    private static boolean clear(Place place) {
        return place.process == null
                ? Vault.HERE.clear()
                : place.process.<Boolean, RuntimeException>invoke(() -> Vault.HERE.clear());
    }

    private void end() {
        for (Place place : model.places()) {
            if (place.process != null) {
                place.process.close();
            }
        }
        Vault.HERE.clear();
        Vault.knowNobody();
        model.master().vault.close();
    }

    // ---- the check

    private void check() {
        model.log("check");
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(this::compare);
        for (Place place : model.places()) {
            model.settle(place, handles(place));
        }
    }

    /** What is garbage anywhere is found by a collection there. */
    private void compare() {
        List<Place> places = model.places();
        for (Place place : places) {
            collect(place);
        }
        Map<Place, Set<Long>> handles = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        for (Place place : places) {
            handles.put(place, handles(place));
            names.put(place.id, place.index + "");
        }
        StringBuilder expected = new StringBuilder();
        StringBuilder actual = new StringBuilder();
        for (Place place : places) {
            String at = "\nat " + place + " ";
            expected.append(at).append(model.handles(place, handles)).append(model.held(place, handles));
            actual.append(at).append(handles.get(place)).append(held(place, names));
        }
        assertThat(actual.toString()).isEqualTo(expected.toString());
    }

    private static void collect(Place place) {
        if (place.process == null) {
            System.gc();
        } else {
            place.process.invoke(() -> System.gc());
        }
    }

    private static Set<Long> handles(Place place) {
        return place.process == null
                ? Vault.HERE.handles()
                : place.process.<Set<Long>, RuntimeException>invoke(() -> Vault.HERE.handles());
    }

    private static Map<Long, Map<String, Integer>> held(Place place, Map<String, String> names) {
        Map<Long, Map<String, Integer>> all = new TreeMap<>();
        for (Export export : place.process == null ? Processional.exports() : place.process.exports()) {
            Map<String, Integer> holders = new TreeMap<>();
            for (Export.Holder holder : export.holders()) {
                holders.merge(names.getOrDefault(holder.process(), holder.process()), holder.proxies(), Integer::sum);
            }
            all.put(export.number(), holders);
        }
        return all;
    }
}
