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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * The processor time and the memory of JVMs that have nothing to do: slaves, and a bare one that sleeps. All of them are
 * watched at once, when the first is asked for; a time is that of 30 s, also where they were watched for less. Memory is
 * the proportional set size at the end of it: pages that several processes share count for each by its part.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class Idle implements AutoCloseable {
    /** The time that a figure is for. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Compilers and collectors of a JVM are busy for a while after its start; not longer than it is watched. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final String MEMORY_FILE = "smaps_rollup"; // Linux 4.14
    private static final Pattern PROPORTIONAL = Pattern.compile("(?m)^Pss: +([0-9]+) kB$");
    private static final String BARE = "bare";
    private static final List<String> TRANSPORTS = List.of("shm", "unix", "tcp");

    private final ChildJvm bare;
    private final Map<String, Long> pids = new HashMap<>();
    private final Map<String, Long> nanos = new HashMap<>(); // processor time, once they were watched
    private final Map<String, Long> bytes = new HashMap<>(); // memory, likewise

    private Idle(Pair pair) throws Exception {
        for (String transport : TRANSPORTS) {
            String text = ThreadWays.TEXT;
            pair.slave(transport).invoke(() -> text.length());
            pids.put(transport, pair.slave(transport).pid());
        }
        bare = ChildJvm.startBare(Sleeper.class);
        pids.put(BARE, bare.pid());
    }

    /** Whether the system tells the memory of a process. */
    static boolean tellsMemory() {
        return Files.isReadable(Path.of("/proc/self", MEMORY_FILE));
    }

    /** The limit: the time of a JVM that sleeps. */
    static Way bareTime(Pair pair) throws Exception {
        return of(pair, idle -> idle.nanos, BARE);
    }

    /** The time of a slave that was called once. */
    static Way slaveTime(Pair pair, String transport) throws Exception {
        return of(pair, idle -> idle.nanos, transport);
    }

    /** The limit: the memory of a JVM that sleeps. */
    static Way bareMemory(Pair pair) throws Exception {
        return of(pair, idle -> idle.bytes, BARE);
    }

    /** The memory of a slave that was called once. */
    static Way slaveMemory(Pair pair, String transport) throws Exception {
        return of(pair, idle -> idle.bytes, transport);
    }

    private static Way of(Pair pair, Function<Idle, Map<String, Long>> figures, String name) throws Exception {
        Idle idle = pair.shared(Idle.class, "idle", () -> new Idle(pair));
        return new Watched(idle, figures.apply(idle), name);
    }

    /** Watches all of them, unless that was done. */
    private void watch(long forNanos) throws InterruptedException {
        if (!nanos.isEmpty()) {
            return;
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(SETTLE_NANOS, forNanos));
        Map<String, Map<String, Long>> before = new HashMap<>();
        pids.forEach((each, pid) -> before.put(each, processorNanos(pid)));
        long begin = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(forNanos);
        double passed = System.nanoTime() - begin;
        pids.forEach((each, pid) -> {
            long used = used(before.getOrDefault(each, Map.of()), processorNanos(pid));
            nanos.put(each, (long) (used / passed * NANOS));
            bytes.put(each, proportionalBytes(pid));
        });
    }

    /** The memory of a process; 0 where the system does not tell. */
    private static long proportionalBytes(long pid) {
        Path file = Path.of("/proc/" + pid, MEMORY_FILE);
        try {
            Matcher line = PROPORTIONAL.matcher(tellsMemory() ? Files.readString(file) : "");
            return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private record Watched(Idle idle, Map<String, Long> figures, String name) implements Way {
        @Override
        public long step() throws Exception {
            idle.watch(1);
            return figures.getOrDefault(name, 0L);
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
            idle.watch(nanos);
            times.recordValue(Math.max(1000, Math.min(figures.getOrDefault(name, 0L), LONGEST_NANOS)));
        }

        @Override
        public boolean isTimedByStep() {
            return false;
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
