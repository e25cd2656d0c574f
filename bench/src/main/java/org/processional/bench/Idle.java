// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The processor time of JVMs that have nothing to do: slaves, and a bare one that sleeps. All of them are watched at once,
 * when the first is asked for; a time is that of 30 s, also where they were watched for less.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class Idle implements AutoCloseable {
    /** The time that a figure is for. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Compilers and collectors of a JVM are busy for a while after its start; not longer than it is watched. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final String BARE = "bare";
    private static final List<String> TRANSPORTS = List.of("shm", "unix", "tcp");

    private final ChildJvm bare;
    private final Map<String, Long> pids = new HashMap<>();
    private final Map<String, Long> nanos = new HashMap<>(); // processor time, once they were watched

    private Idle(Pair pair) throws Exception {
        for (String transport : TRANSPORTS) {
            String text = ThreadWays.TEXT;
            pair.slave(transport).invoke(() -> text.length());
            pids.put(transport, pair.slave(transport).pid());
        }
        bare = ChildJvm.start(Sleeper.class);
        pids.put(BARE, bare.pid());
    }

    /** The limit: a JVM that sleeps. */
    static Way bare(Pair pair) throws Exception {
        return of(pair, BARE);
    }

    /** A slave that was called once. */
    static Way slave(Pair pair, String transport) throws Exception {
        return of(pair, transport);
    }

    private static Way of(Pair pair, String name) throws Exception {
        return new Watched(pair.shared(Idle.class, "idle", () -> new Idle(pair)), name);
    }

    private long nanos(String name, long forNanos) throws InterruptedException {
        if (nanos.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(SETTLE_NANOS, forNanos));
            Map<String, Map<String, Long>> before = new HashMap<>();
            pids.forEach((each, pid) -> before.put(each, processorNanos(pid)));
            long begin = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(forNanos);
            double passed = System.nanoTime() - begin;
            pids.forEach((each, pid) -> {
                long used = used(before.getOrDefault(each, Map.of()), processorNanos(pid));
                nanos.put(each, (long) (used / passed * NANOS));
            });
        }
        return nanos.getOrDefault(name, 0L);
    }

    /** What was used between two looks. Of threads that have ended meanwhile it does not know. */
    private static long used(Map<String, Long> before, Map<String, Long> after) {
        long sum = 0;
        for (Map.Entry<String, Long> thread : after.entrySet()) {
            sum += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return Math.max(0, sum);
    }

    /** What the threads of a process have used, by the number of the thread. */
    private static Map<String, Long> processorNanos(long pid) {
        Map<String, Long> used = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                used.put(String.valueOf(thread.getFileName()), threadNanos(thread.resolve("schedstat")));
            }
            return used;
        } catch (NoSuchFileException e) {
            Duration all = ProcessHandle.of(pid) // not Linux: in ticks of 10 ms
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElse(Duration.ZERO);
            return Map.of("all", all.toNanos());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long threadNanos(Path file) throws IOException {
        try {
            String text = Files.readString(file); // that time, and two more numbers
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException e) {
            return 0; // it has just ended
        }
    }

    @Override
    public void close() {
        bare.close();
    }

    private record Watched(Idle idle, String name) implements Way {
        @Override
        public long step() throws Exception {
            return idle.nanos(name, 1);
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
            times.recordValue(Math.max(1000, Math.min(idle.nanos(name, nanos), LONGEST_NANOS)));
        }

        @Override
        public void close() {}
    }

    /** What the bare JVM runs. */
    static final class Sleeper {
        private Sleeper() {}

        /** Sleeps until its standard input ends. */
        public static void main(String[] args) throws IOException {
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
