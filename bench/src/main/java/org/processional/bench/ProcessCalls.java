// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.processional.ClientOptions;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** {@code invoke} of a lambda that captures a byte array, by transport, codec, length, and clients that call in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProcessCalls {
    /** Name of the transport. */
    @Param({"shm", "unix", "tcp"})
    public String transport = "unix";

    /** Name of the codec. */
    @Param({"river", "serial"})
    public String codec = "river";

    /** Length of the array, up to 256 MiB. */
    @Param({"64", "65536", "1048576"})
    public int payload;

    /** Clients of the server. */
    @Param({"1", "20"})
    public int clients = 1;

    private final List<SlaveProcess> processes = new ArrayList<>();
    private byte[] bytes = {};
    private int next;

    /** JMH makes it. */
    public ProcessCalls() {}

    /** Starts a server, and connects. */
    @Setup(Level.Trial)
    public void open() {
        bytes = new byte[payload];
        SlaveOptions options = Pair.options(transport).toBuilder().codec(codec).build();
        processes.add(Processional.server(options));
        ClientOptions client = ClientOptions.builder().codec(codec).build();
        while (processes.size() < clients) {
            processes.add(Processional.client(processes.get(0).address(), client));
        }
    }

    /** All leave; that ends the server. */
    @TearDown(Level.Trial)
    public void close() {
        processes.forEach(SlaveProcess::close);
    }

    /**
     * One call.
     *
     * @return its result
     */
    @Benchmark
    public int call() {
        byte[] captured = bytes;
        next = next + 1 == processes.size() ? 0 : next + 1;
        return processes.get(next).invoke(() -> captured[0] + captured.length);
    }
}
