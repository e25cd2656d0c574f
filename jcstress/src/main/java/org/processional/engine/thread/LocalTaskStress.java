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

        @Override
        protected void ended(@Nullable Object result, @Nullable Failure failure) {
            told++;
            if (failure != null) {
                failure.see();
            }
        }
    }

    /** Told once, ended, and no flag is left in the thread that ran it. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one end, and no interrupt is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an interrupt leaked, or the end was told twice or never")
    @State
    public static class RunCancelInterrupt {
        private final Counted task = new Counted();

        @Actor
        public void run(III_Result r) {
            task.execute();
            r.r3 = Thread.interrupted() ? 1 : 0;
        }

        @Actor
        public void cancel() {
            task.cancel(true);
        }

        @Actor
        public void interrupt() {
            task.interrupt();
        }

        @Arbiter
        public void look(III_Result r) {
            r.r1 = task.told;
            r.r2 = task.isDone() ? 1 : 0;
        }
    }

    /** Whatever a slave that is stopped has accepted ends. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "accepted, and ended")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "accepted, and forgotten")
    @State
    public static class ScheduleAndStop {
        private final TaskQueue queue = new TaskQueue(
                "stress", SlaveThreadOptions.builder().capacity(2).build(), new ParkingBell(Waiting.PARK, true));
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

        @Actor
        public void consume() {
            queue.runNext();
        }

        @Arbiter
        public void look(II_Result r) {
            r.r2 = task.isDone() ? 1 : 0;
        }
    }
}
