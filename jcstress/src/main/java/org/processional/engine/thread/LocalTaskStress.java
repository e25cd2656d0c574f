// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.Call;
import org.processional.SlaveClosedException;
import org.processional.SlaveThreadOptions;
import org.processional.Waiting;
import org.processional.engine.task.Failure;

/** A task that is run, cancelled and interrupted at the same time. */
final class LocalTaskStress {
    private LocalTaskStress() {}

    private static final Call<Integer, RuntimeException> ONE = () -> 1;

    /** Counts how often the end of the function is told. */
    static final class Counted extends LocalTask<Integer> {
        private volatile int told; // by whoever runs it or takes it out

        Counted() {
            super(ONE);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
        @Override
        protected void ended(@Nullable Object result, @Nullable Failure failure) {
            told++;
            if (failure != null) {
                failure.see();
            }
        }
    }

    /** A task that one thread runs, and what must be true afterwards. */
    abstract static class Run {
        final Counted task = new Counted();

        final void run(III_Result r) {
            task.execute();
            r.r3 = Thread.interrupted() ? 1 : 0;
        }

        final void look(III_Result r) {
            r.r1 = task.told;
            r.r2 = task.isDone() ? 1 : 0;
        }
    }

    /** Told once, ended, and no flag is left in the thread that ran it. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one end, and no interrupt is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an interrupt leaked, or the end was told twice or never")
    @State
    public static class RunAndCancel extends Run {
        @Actor
        public void runs(III_Result r) {
            run(r);
        }

        @Actor
        public void cancels() {
            task.cancel(true);
        }

        @Arbiter
        public void looks(III_Result r) {
            look(r);
        }
    }

    /** The same for an interrupt. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one end, and no interrupt is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an interrupt leaked, or the end was told twice or never")
    @State
    public static class RunAndInterrupt extends Run {
        @Actor
        public void runs(III_Result r) {
            run(r);
        }

        @Actor
        public void interrupts() {
            task.interrupt();
        }

        @Arbiter
        public void looks(III_Result r) {
            look(r);
        }
    }

    /** All three at once, where there are three processors. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one end, and no interrupt is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an interrupt leaked, or the end was told twice or never")
    @State
    public static class RunCancelInterrupt extends Run {
        @Actor
        public void runs(III_Result r) {
            run(r);
        }

        @Actor
        public void cancels() {
            task.cancel(true);
        }

        @Actor
        public void interrupts() {
            task.interrupt();
        }

        @Arbiter
        public void looks(III_Result r) {
            look(r);
        }
    }

    private static TaskQueue queue() {
        return new TaskQueue(
                "stress", SlaveThreadOptions.builder().capacity(2).build(), new ParkingBell(Waiting.PARK, true));
    }

    /** Whatever a slave that is stopped has accepted ends. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "accepted, and ended")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "accepted, and forgotten")
    @State
    public static class ScheduleAndStop {
        private final TaskQueue queue = queue();
        private final Counted task = new Counted();

        @Actor
        public void schedule(II_Result r) {
            try {
                r.r1 = queue.offer(task) ? 1 : 0;
            } catch (SlaveClosedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void stop() {
            queue.stop(null);
        }

        @Arbiter
        public void look(II_Result r) {
            r.r2 = task.isDone() ? 1 : 0;
        }
    }

    /** A task that is taken while the slave is stopped ends, once. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "ended once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "forgotten, or told twice")
    @State
    public static class TakeAndStop {
        private final TaskQueue queue = queue();
        private final Counted task = new Counted();

        public TakeAndStop() {
            queue.offer(task);
        }

        @Actor
        public void take() {
            queue.runNext();
        }

        @Actor
        public void stop() {
            queue.stop(null);
        }

        @Arbiter
        public void look(II_Result r) {
            r.r1 = task.told;
            r.r2 = task.isDone() ? 1 : 0;
        }
    }
}
