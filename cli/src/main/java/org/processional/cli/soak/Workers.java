// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do steps, each with random numbers of its own.
 *
 * <p><b>Threads:</b> one thread runs rounds; the workers are daemons that end with each round.
 */
final class Workers {
    /** A worker that takes longer after the end of its round is stuck: a burst gives up earlier. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int FRAMES = 12;

    private final Stage stage;
    private final List<Step> steps;
    private final List<Random> randoms = new ArrayList<>();

    Workers(Stage stage, List<Step> steps, long seed, int number) {
        this.stage = stage;
        this.steps = steps;
        for (int i = 0; i < number; i++) {
            randoms.add(new Random(31 * seed + i));
        }
    }

    /** One thread that does steps until a time. */
    private final class Worker extends Thread {
        private final Random random;
        private final long deadline;
        private final CountDownLatch ended;
        private volatile @Nullable Step step; // written by this thread: what it does now

        Worker(int number, long deadline, CountDownLatch ended) {
            super("processional-soak-" + number);
            setDaemon(true);
            this.random = randoms.get(number);
            this.deadline = deadline;
            this.ended = ended;
        }

        @Override
        public void run() {
            try {
                do {
                    Step next = Step.choose(steps, random);
                    step = next;
                    doOne(next);
                } while (System.nanoTime() - deadline < 0);
            } finally {
                ended.countDown();
            }
        }

        private void doOne(Step next) {
            try {
                next.body().run(stage, random);
            } catch (Exception | LinkageError | AssertionError e) {
                stage.ledger().wrong(next.name() + ": " + e + frames(e.getStackTrace()));
            }
        }
    }

    /**
     * Lets them do steps.
     *
     * @param deadline until when they begin new ones, in terms of {@code System.nanoTime}; each does one at least
     * @param tick how often to call back meanwhile
     * @return whether all have ended; false if one is stuck, which has been noted then
     */
    boolean run(long deadline, Duration tick, Runnable callback) throws InterruptedException {
        long latest = Math.max(deadline, System.nanoTime()) + LONGEST.toNanos();
        CountDownLatch ended = new CountDownLatch(randoms.size());
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < randoms.size(); i++) {
            workers.add(new Worker(i, deadline, ended));
        }
        workers.forEach(Thread::start);
        while (!ended.await(tick.toNanos(), TimeUnit.NANOSECONDS)) {
            callback.run();
            if (System.nanoTime() - latest > 0) {
                workers.stream().filter(Thread::isAlive).forEach(this::stuck);
                return false;
            }
        }
        return true;
    }

    private void stuck(Worker worker) {
        Step step = worker.step;
        stage.ledger()
                .wrong((step == null ? "a worker" : step.name()) + ": stuck for " + LONGEST.toSeconds() + " s"
                        + frames(worker.getStackTrace()));
    }

    private static String frames(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .limit(FRAMES)
                .map(frame -> System.lineSeparator() + "      at " + frame)
                .collect(Collectors.joining());
    }
}
