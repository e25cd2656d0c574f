// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A row of single operations: a call of a slave thread or process, a proxy, a call back, a payload, a start of a process. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Invoke extends RowBench {
    /** Which row: the name of a {@link Row}. */
    @Param({
        "thread.invoke",
        "process.invoke.shm",
        "process.invoke.unix",
        "process.invoke.tcp",
        "proxy.call.shm",
        "proxy.call.unix",
        "proxy.call.tcp",
        "callback.unix",
        "wrap-drop.unix",
        "echo.1MiB.shm",
        "echo.1MiB.unix",
        "shared.10MB.shm",
        "spawn.unix"
    })
    public String row = "thread.invoke";

    /** JMH makes it. */
    public Invoke() {}

    @Override
    Row row() {
        return Rows.of(row);
    }

    /**
     * One call.
     *
     * @return what the step gave
     * @throws Exception if it failed
     */
    @Benchmark
    public long call() throws Exception {
        return step();
    }
}
