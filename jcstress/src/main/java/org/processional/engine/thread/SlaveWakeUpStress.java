// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
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

/** A producer that publishes while the consumer is about to park. */
final class SlaveWakeUpStress {
    private SlaveWakeUpStress() {}

    /** The two looks of {@link ParkingBell} at the ring of the Disruptor: at least one sees what the other side did. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the work or the consumer was found")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class PublishAndPark implements WaitStrategy {
        private final RingBuffer<AtomicReference<Object>> ring =
                RingBuffer.createMultiProducer(AtomicReference::new, 2, this);
        private volatile boolean parked; // by the consumer
        private boolean found; // by the producer

        @Actor
        public void publish(II_Result r) {
            ring.publish(ring.next());
            r.r1 = found ? 1 : 0;
        }

        @Actor
        public void park(II_Result r) {
            parked = true;
            VarHandle.fullFence();
            r.r2 = ring.isAvailable(0) ? 1 : 0;
        }

        @Override
        public void signalAllWhenBlocking() {
            VarHandle.fullFence();
            found = parked;
        }

        @Override
        public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier) {
            return dependent.get();
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
