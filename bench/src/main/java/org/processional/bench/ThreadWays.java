// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.processional.Processional;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;

/** Functions in another thread: by a slave thread, and by an executor. */
final class ThreadWays {
    /** What the functions capture, beside a number. */
    static final String TEXT = "captured";

    private ThreadWays() {}

    /** {@code invoke} of a slave thread. */
    static final class Invoke implements Way {
        private final SlaveThread slave;
        private final String text = TEXT;
        private int number;

        Invoke() {
            this(SlaveThreadOptions.defaults());
        }

        Invoke(SlaveThreadOptions options) {
            slave = Processional.slaveThread(options);
        }

        @Override
        public long step() {
            int captured = number++;
            String capturedToo = text;
            return slave.invoke(() -> captured + capturedToo.length());
        }

        @Override
        public void close() {
            slave.close();
        }
    }

    /** {@code schedule} of a slave thread. */
    static final class Schedule implements Way {
        private final SlaveThread slave = Processional.slaveThread();
        private final String text = TEXT;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // only the last is awaited: they run in order
        public long step() {
            String capturedToo = text;
            for (int i = 0; i < Row.BATCH - 1; i++) {
                int captured = i;
                slave.schedule(() -> captured + capturedToo.length());
            }
            Task<Integer> last = slave.schedule(() -> Row.BATCH + capturedToo.length());
            return last.await();
        }

        @Override
        public void close() {
            slave.close();
        }
    }

    /** {@code submit().get()} of an executor. */
    static final class Get implements Way {
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final String text = TEXT;
        private int number;

        @Override
        public long step() throws Exception {
            int captured = number++;
            String capturedToo = text;
            return executor.submit(() -> captured + capturedToo.length()).get();
        }

        @Override
        public void close() {
            shutDown(executor);
        }
    }

    /** {@code submit} of an executor. */
    static final class Submit implements Way {
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final String text = TEXT;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // only the last is awaited, as with the slave
        public long step() throws Exception {
            String capturedToo = text;
            for (int i = 0; i < Row.BATCH - 1; i++) {
                int captured = i;
                executor.submit(() -> captured + capturedToo.length());
            }
            Future<Integer> last = executor.submit(() -> Row.BATCH + capturedToo.length());
            return last.get();
        }

        @Override
        public void close() {
            shutDown(executor);
        }
    }

    static void shutDown(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the executor did not end within 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
