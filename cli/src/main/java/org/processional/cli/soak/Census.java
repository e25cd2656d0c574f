// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.processional.Processional;

/**
 * What a process holds at one moment. Descriptors and children are those that {@code /proc} tells of; elsewhere there are
 * none.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param descriptors what the open descriptors lead to, without segments, and without jars, which a JVM opens when it
 *     needs them
 * @param segments number of descriptors of segments of shared memory; some are kept for large values to come
 * @param threads names of the threads that live, but for the pool of Processional, whose threads end when they are idle
 * @param children command lines of the processes that descend from this one
 * @param heapBytes heap in use after collection
 * @param directBytes memory of buffers outside of the heap
 * @param mappings files that are mapped into memory by buffers
 * @param exports classes of the objects that are kept for other processes
 */
record Census(
        List<String> descriptors,
        long segments,
        List<String> threads,
        List<String> children,
        long heapBytes,
        long directBytes,
        long mappings,
        List<String> exports)
        implements Serializable {
    private static final String POOL = "processional-completion-";
    private static final String REAPER = "process reaper"; // the JDK's, idle for a minute before they end
    private static final int COLLECTIONS = 3;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Collects, and looks at this process. */
    static Census take() {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) { // what cleaners drop after one is gone after the next
            System.gc();
            heap = Math.min(heap, heapNow());
        }
        List<String> descriptors = descriptorsNow();
        return new Census(
                descriptors.stream().filter(target -> !isSegment(target)).toList(),
                descriptors.stream().filter(Census::isSegment).count(),
                threadsNow(),
                childrenNow(),
                heap,
                pool("direct", BufferPoolMXBean::getMemoryUsed),
                pool("mapped", BufferPoolMXBean::getCount),
                Processional.exports().stream().map(export -> export.type()).toList());
    }

    static long heapNow() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What the open descriptors lead to, without those through which this looks. */
    static List<String> descriptorsNow() {
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            return links.map(Census::target)
                    .filter(target -> !target.isEmpty() && !target.endsWith(".jar"))
                    .filter(target -> !target.matches("/proc/(self|N)/fd"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // no /proc
        }
    }

    /** What a descriptor leads to, without numbers that differ each time; empty if it was closed meanwhile. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().replaceAll("[0-9]{3,}", "N");
        } catch (IOException e) {
            return "";
        }
    }

    static List<String> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith(POOL) && !name.startsWith(REAPER))
                .map(name -> name.replaceAll("[0-9]+", "N"))
                .sorted()
                .toList();
    }

    private static List<String> childrenNow() {
        return ProcessHandle.current()
                .descendants()
                .map(child -> child.info().command().orElse("(command not told)"))
                .sorted()
                .toList();
    }

    private static boolean isSegment(String target) {
        return target.contains("/processional-") && !target.contains("/processional-ring-");
    }

    private static long pool(String name, ToLongFunction<BufferPoolMXBean> figure) {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals(name))
                .mapToLong(figure)
                .sum();
    }
}
