// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import com.lmax.disruptor.Sequence;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.Call;
import org.processional.SlaveThreadOptions;
import org.processional.Waiting;

/** A producer that enters a task while the consumer is about to park. */
final class SlaveWakeUpStress {
    private SlaveWakeUpStress() {}

    /** The looks of {@link ParkingBell} and of who enters a task: at least one sees what the other side did. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the work or the consumer was found")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class PublishAndPark {
        private final Sequence cursor = new Sequence(-1);
        private final AtomicReference<Object> slot = new AtomicReference<>();
        private volatile boolean parked; // by the consumer

        @Actor
        public void publish(II_Result r) {
            cursor.compareAndSet(-1, 0); // as MultiProducerSequencer.tryNext
            slot.setRelease(this);
            r.r1 = parked ? 1 : 0;
        }

        @Actor
        public void park(II_Result r) {
            parked = true;
            VarHandle.fullFence();
            r.r2 = cursor.get() >= 0 ? 1 : 0;
        }
    }

    /** The real thing: the only task that comes closes the queue, so the consumer ends unless it sleeps for ever. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class ScheduleAndServe {
        private final ParkingBell bell = new ParkingBell(Waiting.PARK, true);
        private final TaskQueue queue = new TaskQueue("stress", SlaveThreadOptions.defaults(), bell);

        @Actor
        public void serve() {
            bell.serve(queue);
        }

        @Signal
        public void schedule() {
            Call<Integer, RuntimeException> closing = () -> {
                queue.beginClose();
                return 1;
            };
            queue.put(new LocalTask<Integer>(closing));
        }
    }
}
