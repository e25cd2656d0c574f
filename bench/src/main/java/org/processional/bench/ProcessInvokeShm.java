// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A function in a slave process, over shared memory, awaited at once; the peer is Java RMI. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProcessInvokeShm extends RowBench {
    /** What stands beside. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Limits extends Beside {
        /** JMH makes it. */
        public Limits() {
            super(Row.PROCESS_INVOKE_SHM);
        }

        /** The limit, median in µs. */
        public double limit() {
            return limitSample().micros();
        }

        /** The floor, median in µs. */
        public double floor() {
            return floorSample().micros();
        }
    }

    /** JMH makes it. */
    public ProcessInvokeShm() {
        super(Row.PROCESS_INVOKE_SHM);
    }

    /**
     * One call.
     *
     * @param beside measured before each iteration
     * @return what the step gave
     * @throws Exception if it failed
     */
    @Benchmark
    public long call(Limits beside) throws Exception {
        return step();
    }
}
