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

/** Functions scheduled on a slave thread or process, the last of a batch awaited. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Schedule extends RowBench {
    /** Which row: the name of a {@link Row}. */
    @Param({"thread.schedule", "process.schedule.shm", "process.schedule.unix", "process.schedule.tcp"})
    public String row = "thread.schedule";

    /** JMH makes it. */
    public Schedule() {}

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
    @OperationsPerInvocation(Row.BATCH)
    public long call() throws Exception {
        return step();
    }
}
