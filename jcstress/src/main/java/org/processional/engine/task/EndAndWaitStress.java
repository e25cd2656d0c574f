// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.Cancel;

/** The end of a task, and those who want to know of it. */
final class EndAndWaitStress {
    private EndAndWaitStress() {}

    /** A task that is ended by hand. */
    static final class ByHand extends CoreTask<Object> {
        @Override
        protected boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
            return parkUntilEnd(timed, deadlineNanos);
        }

        @Override
        public boolean cancel(Cancel how) {
            return fail(Failure.cancelled());
        }

        @Override
        protected void require(Cancel how) {}

        @Override
        public Optional<Cancel.Rung> endedBy() {
            return Optional.empty();
        }

        @Override
        public void interrupt() {
            cancel(true);
        }
    }

    /** An end and one who enters an action: the action runs once. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "ended, and told once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an action was lost or ran twice")
    @State
    public static class EndAndPush {
        private final ByHand task = new ByHand();
        private final AtomicInteger actions = new AtomicInteger();

        @Actor
        public void succeed(II_Result r) {
            r.r1 = task.succeed(1) ? 1 : 0;
        }

        @Actor
        public void push() {
            task.atEnd(actions::incrementAndGet);
        }

        @Arbiter
        public void count(II_Result r) {
            r.r2 = actions.get();
        }
    }

    /** Two ends: one wins, and both actions that were entered before run once. */
    @JCStressTest
    @Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "the result won")
    @Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "the cancel won")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an action was lost or ran twice, or both ends won")
    @State
    public static class EndTwice {
        private final ByHand task = new ByHand();
        private final AtomicInteger actions = new AtomicInteger();

        public EndTwice() {
            task.atEnd(actions::incrementAndGet);
            task.atEnd(actions::incrementAndGet);
        }

        @Actor
        public void succeed(III_Result r) {
            r.r1 = task.succeed(1) ? 1 : 0;
        }

        @Actor
        public void cancel(III_Result r) {
            r.r2 = task.cancel(true) ? 1 : 0;
        }

        @Arbiter
        public void count(III_Result r) {
            r.r3 = actions.get();
        }
    }

    /** One who waits is woken. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class EndAndPark {
        private final ByHand task = new ByHand();

        @Actor
        public void await() {
            task.await();
        }

        @Signal
        public void succeed() {
            task.succeed(1);
        }
    }
}
