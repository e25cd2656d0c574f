// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What tests run in other processes. */
public class Heavy implements Serializable {
    private static final long serialVersionUID = 1L;

    /** State of the process it is in. */
    static final AtomicInteger COUNTER = new AtomicInteger();

    static final List<Integer> SEEN = new ArrayList<>();

    private Heavy() {}

    int value() {
        return 0;
    }

    /** One with a value. */
    static class Copy extends Heavy {
        private static final long serialVersionUID = 1L;

        private final int value;

        Copy(int value) {
            this.value = value;
        }

        @Override
        int value() {
            return value;
        }
    }

    static List<Integer> range(int end) {
        List<Integer> list = new ArrayList<>(end);
        for (int i = 0; i < end; i++) {
            list.add(i);
        }
        return list;
    }

    static long sum(List<Integer> list) {
        long sum = 0;
        for (int i : list) {
            sum += i;
        }
        return sum;
    }

    static long product(List<Integer> list) {
        long product = 1;
        for (int i : list) {
            product *= i;
        }
        return product;
    }

    static int fail(String message) throws IOException {
        throw new IOException(message);
    }

    static long pid() {
        return ProcessHandle.current().pid();
    }

    /** Bytes in use on the heap. */
    static long usedAfterCollection() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    static void loopUntilInterrupted() {
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("InfiniteLoopStatement")
    static void loopForEver() {
        while (true) {
            COUNTER.incrementAndGet();
        }
    }
}
