// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processional.SlaveThreadOptions;
import org.processional.Waiting;

/** {@code invoke} of a slave thread, by its way of waiting. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ThreadCalls {
    /** How both sides wait: the name of a {@link Waiting}. */
    @Param({"SPIN_THEN_PARK", "PARK", "YIELD", "SPIN"})
    public String waiting = Waiting.SPIN_THEN_PARK.name();

    private @Nullable Way way;

    /** JMH makes it. */
    public ThreadCalls() {}

    /** Starts the thread. */
    @Setup(Level.Trial)
    public void open() {
        way = new ThreadWays.Invoke(
                SlaveThreadOptions.builder().waiting(Waiting.valueOf(waiting)).build());
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        if (way != null) {
            way.close();
        }
    }

    /**
     * One call.
     *
     * @return its result
     * @throws Exception if it failed
     */
    @Benchmark
    public long call() throws Exception {
        return way == null ? 0 : way.step();
    }
}
