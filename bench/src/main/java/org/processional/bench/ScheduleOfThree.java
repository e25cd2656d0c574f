// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Functions that three threads schedule on a slave thread or process. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScheduleOfThree extends RowBench {
    /** Which row: the name of a {@link Row}. */
    @Param({
        "thread.schedule.3-producers",
        "process.schedule.shm.3-producers",
        "process.schedule.unix.3-producers",
        "process.schedule.tcp.3-producers"
    })
    public String row = "thread.schedule.3-producers";

    /** JMH makes it. */
    public ScheduleOfThree() {}

    @Override
    Row row() {
        return Rows.of(row);
    }

    /**
     * One batch.
     *
     * @return what the step gave
     * @throws Exception if it failed
     */
    @Benchmark
    @OperationsPerInvocation(3 * Producers.STEPS * Row.BATCH)
    public long call() throws Exception {
        return step();
    }
}
