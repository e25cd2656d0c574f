// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the soak found, line by line: what must agree, and whether it does.
 *
 * <p><b>Threads:</b> one thread.
 */
final class Balance {
    /** By how much a heap after collection may differ before it counts as grown. */
    static final long HEAP_BYTES = 4 << 20;

    /** The same for buffers outside of the heap: threads keep some. */
    private static final long DIRECT_BYTES = 16 << 20;

    /** What a JVM opens late. */
    private static final int MORE_DESCRIPTORS = 10;

    /** Segments that are kept for large values to come; as long as nothing is lost they do not become many more. */
    private static final int MORE_SEGMENTS = 128;

    /** A segment is mapped in two parts. */
    private static final int MORE_MAPPINGS = 2 * MORE_SEGMENTS;

    /** What a JVM starts late: compilers, a cleaner. */
    private static final int MORE_THREADS = 4;

    private static final int MOST_NAMED = 8;

    /**
     * A line.
     *
     * @param name what is balanced
     * @param figures the figures in words
     * @param holds whether they are as they must be
     */
    record Line(String name, String figures, boolean holds) {}

    private final List<Line> lines = new ArrayList<>();

    /** Adds a line. */
    void add(String name, String figures, boolean holds) {
        lines.add(new Line(name, figures, holds));
    }

    /** Adds the lines of another one. */
    void addAll(Balance other) {
        lines.addAll(other.lines);
    }

    /** Everything that was begun has ended. */
    void equal(String name, String begun, long first, String ended, long second) {
        add(name, begun + " " + first + ", " + ended + " " + second, first == second);
    }

    /** A process holds what it held before, and no more. */
    void compare(String process, Census before, Census after) {
        String news = news("descriptors", before.descriptors(), after.descriptors(), MORE_DESCRIPTORS)
                + news("segments", before.segments(), after.segments(), MORE_SEGMENTS)
                + news("threads", before.threads(), after.threads(), MORE_THREADS)
                + news("children", before.children(), after.children(), 0)
                + news("mapped files", before.mappings(), after.mappings(), MORE_MAPPINGS)
                + news("heap in use", before.heapBytes(), after.heapBytes(), HEAP_BYTES)
                + news("direct memory", before.directBytes(), after.directBytes(), DIRECT_BYTES);
        String figures = String.format(
                Locale.ROOT,
                "heap %s > %s, direct %s > %s, descriptors %d > %d, segments %d > %d, mapped %d > %d, threads %d > %d,"
                        + " children %d > %d",
                mebibytes(before.heapBytes()),
                mebibytes(after.heapBytes()),
                mebibytes(before.directBytes()),
                mebibytes(after.directBytes()),
                before.descriptors().size(),
                after.descriptors().size(),
                before.segments(),
                after.segments(),
                before.mappings(),
                after.mappings(),
                before.threads().size(),
                after.threads().size(),
                before.children().size(),
                after.children().size());
        add(process, figures + news, news.isEmpty());
    }

    private static String news(String name, long before, long after, long allowed) {
        return after - before <= allowed ? "" : "; more " + name;
    }

    /** What is there more than is allowed; nothing if it is not. */
    private static String news(String name, List<String> before, List<String> after, int allowed) {
        if (after.size() <= before.size() + allowed) {
            return "";
        }
        List<String> more = new ArrayList<>(after);
        before.forEach(more::remove);
        return "; more " + name + ": " + String.join(", ", more.subList(0, Math.min(MOST_NAMED, more.size())));
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1024.0 / 1024.0);
    }

    /** Whether every line is as it must be. */
    boolean holds() {
        return lines.stream().allMatch(Line::holds);
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }
}
