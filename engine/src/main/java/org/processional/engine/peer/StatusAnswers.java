// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.processional.ProcessStatus;
import org.processional.engine.task.Completions;
import org.processional.spi.FrameOutput;

/**
 * Tells the other end what this process is doing. No codec and no queue is on the way, so that it is told by a process that
 * is busy, stuck in a task, or runs named functions only.
 *
 * <pre>
 * answer: version string | Java string | uptime millis i64 | clients i32 | running i32 | queued i32 | exports i32
 *         | threads i32 | heap used i64 | heap max i64
 * </pre>
 *
 * <p><b>Threads:</b> asked by the thread that reads, answered on the pool.
 */
final class StatusAnswers {
    private StatusAnswers() {}

    static void give(Peer peer, Load load, long ticket) {
        Completions.run(() -> {
            FrameOutput out = peer.output();
            Frames.begin(out, Frames.RESULT, 0, peer.generation(), ticket, 0);
            write(load, out);
            peer.answer(out, List.of(), false);
        });
    }

    private static void write(Load load, FrameOutput out) {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.freeMemory(); // before the total: the heap may grow in between
        out.putString(Handshake.LIBRARY);
        out.putString(Runtime.version().toString());
        out.putLong(ManagementFactory.getRuntimeMXBean().getUptime());
        out.putInt(load.clients());
        out.putInt(load.running());
        out.putInt(load.queued());
        out.putInt(Exports.HERE.size());
        out.putInt(ManagementFactory.getThreadMXBean().getThreadCount());
        out.putLong(runtime.totalMemory() - free); // the bean of G1 knows full regions alone: 0 in a young process
        out.putLong(runtime.maxMemory());
    }

    /** Reads an answer. */
    static ProcessStatus read(Handshake.Partner partner, ByteBuffer from) {
        return new ProcessStatus(
                partner.pid(),
                partner.id(),
                FrameOutput.readString(from),
                FrameOutput.readString(from),
                Duration.ofMillis(from.getLong()),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getLong(),
                from.getLong());
    }
}
