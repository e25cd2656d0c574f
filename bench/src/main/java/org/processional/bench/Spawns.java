// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** What {@code spawn} is compared with: each starts a JVM and ends it; the end is not in the time. */
final class Spawns {
    private Spawns() {}

    /** Starts a JVM, waits for what it first does, and gives how long that took. */
    @FunctionalInterface
    private interface Spawn {
        long nanos() throws Exception;
    }

    /** The limit: a JVM that prints a word; until that is there. */
    static Way hello() {
        return new Repeated(() -> {
            long begin = System.nanoTime();
            try (ChildJvm child = ChildJvm.startBare(Hello.class)) {
                if (child.output().read() < 0) {
                    throw new IOException("the child JVM printed nothing");
                }
                return System.nanoTime() - begin;
            }
        });
    }

    /** The floor: a JVM with the least code that runs functions, over a socket; until the first result. */
    static Way handMade(String transport) {
        return new Repeated(() -> {
            long begin = System.nanoTime();
            ChildJvm[] child = new ChildJvm[1];
            try (Way calls = HandMadeCalls.inChildOf(ChildSocket.open(
                    ChildSocket.family(transport),
                    place -> child[0] = ChildJvm.startBare(HandMadeCalls.Child.class, place),
                    Threads.SPIN_NANOS))) {
                calls.step();
                return System.nanoTime() - begin;
            } finally {
                if (child[0] != null) {
                    child[0].close();
                }
            }
        });
    }

    private record Repeated(Spawn spawn) implements Way {
        @Override
        public long step() throws Exception {
            return spawn.nanos();
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
            long until = System.nanoTime() + nanos;
            do {
                times.recordValue(spawn.nanos());
            } while (System.nanoTime() - until < 0);
        }

        @Override
        public boolean isTimedByStep() {
            return false;
        }

        @Override
        public void close() {}
    }

    /** What a bare JVM runs. */
    static final class Hello {
        private Hello() {}

        /** Prints a word. */
        public static void main(String[] args) {
            System.out.println("Hello");
        }
    }
}
