// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.processional.Processional;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Processional over a transport, in the slave of a pair, whose end is that of the pair. */
final class ProcessWays {
    private ProcessWays() {}

    /** An object that is called from another process; it does not travel. */
    static final class Adder {
        int add(int number, String text) {
            return number + text.length();
        }
    }

    /** {@code invoke}. */
    static final class Invoke implements Way {
        private final SlaveProcess slave;
        private final String text = ThreadWays.TEXT;
        private int number;

        Invoke(Pair pair, String transport) throws Exception {
            slave = pair.slave(transport);
        }

        @Override
        public long step() {
            int captured = number++;
            String capturedToo = text;
            return slave.invoke(() -> captured + capturedToo.length());
        }

        @Override
        public void close() {}
    }

    /** {@code schedule}, a batch of which the last is awaited: they run in order. */
    static final class Schedule implements Way {
        private final SlaveProcess slave;
        private final String text = ThreadWays.TEXT;

        Schedule(Pair pair, String transport) throws Exception {
            slave = pair.slave(transport);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // only the last is awaited
        public long step() {
            String capturedToo = text;
            for (int i = 0; i < Row.BATCH - 1; i++) {
                int captured = i;
                slave.schedule(() -> captured + capturedToo.length());
            }
            int captured = Row.BATCH - 1;
            Task<Integer> last = slave.schedule(() -> captured + capturedToo.length());
            return last.await();
        }

        @Override
        public void close() {}
    }

    /** {@code call} of a proxy of an object in the slave. */
    static final class ProxyCall implements Way {
        private final Proxy<Adder> adder;
        private final String text = ThreadWays.TEXT;
        private int number;

        ProxyCall(Pair pair, String transport) throws Exception {
            adder = pair.slave(transport).wrap(Adder::new);
        }

        @Override
        public long step() {
            int captured = number++;
            String capturedToo = text;
            return adder.call(it -> it.add(captured, capturedToo));
        }

        @Override
        public void close() {
            adder.close();
        }
    }

    /**
     * Calls that a function of the slave makes of an object that the master has exported: a run is one function, which
     * times the calls there. The master waits for it, so the calls run on its thread that waits.
     */
    static final class Callback implements Way {
        private final SlaveProcess slave;
        private final Proxy<Adder> adder = Processional.export(new Adder());
        private int number;

        Callback(Pair pair, String transport) throws Exception {
            slave = pair.slave(transport);
        }

        @Override
        public long step() {
            Proxy<Adder> captured = adder;
            int first = number++;
            return slave.invoke(() -> new Calls(captured, first).step());
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
            Proxy<Adder> captured = adder;
            byte[] encoded = slave.invoke(() -> {
                Histogram there = Way.times();
                Way.run(new Calls(captured, 0), nanos, pauseMillis, there);
                return RmiCalls.encoded(there);
            });
            try {
                times.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), Way.LONGEST_NANOS));
            } catch (DataFormatException e) {
                throw new IllegalStateException("the times that came from the slave cannot be read", e);
            }
        }

        @Override
        public boolean allocatesHere() {
            return false; // the slave calls
        }

        @Override
        public void close() {
            adder.close();
        }
    }

    /** The calls of {@link Callback}, in the slave. */
    private static final class Calls implements Way.Step {
        private final Proxy<Adder> adder;
        private int number;

        Calls(Proxy<Adder> adder, int number) {
            this.adder = adder;
            this.number = number;
        }

        @Override
        public long step() {
            int captured = number++;
            String capturedToo = ThreadWays.TEXT;
            return adder.call(it -> it.add(captured, capturedToo));
        }
    }

    /** A byte array to the slave and back. */
    static final class Echo implements Way {
        private final SlaveProcess slave;
        private final byte[] bytes;

        Echo(Pair pair, String transport, int length) throws Exception {
            slave = pair.slave(transport);
            bytes = new byte[length];
        }

        @Override
        public long step() {
            byte[] there = bytes;
            there[0]++;
            byte[] back = slave.invoke(() -> there);
            return (long) back[0] + back.length;
        }

        @Override
        public void close() {}
    }

    /** {@code invoke} of a function that captures shared memory, and reads its ends. */
    static final class Shared implements Way {
        private final SlaveProcess slave;
        private final SharedMemory memory;
        private final ByteBuffer view;
        private byte number;

        Shared(Pair pair, String transport, int length) throws Exception {
            slave = pair.slave(transport);
            memory = Processional.sharedMemory(length);
            view = memory.bytes(0, length);
        }

        @Override
        public long step() {
            ByteBuffer captured = view;
            captured.put(0, ++number);
            return slave.invoke(() -> captured.get(0) + captured.get(captured.capacity() - 1));
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** {@code wrap}, and {@code close} of the proxy. */
    static final class WrapAndDrop implements Way {
        private final SlaveProcess slave;

        WrapAndDrop(Pair pair, String transport) throws Exception {
            slave = pair.slave(transport);
        }

        @Override
        public long step() {
            try (Proxy<Adder> adder = slave.wrap(Adder::new)) {
                return adder.hashCode();
            }
        }

        @Override
        public void close() {}
    }

    /** {@code slave()}, to the first result. Its end is not in the time. */
    static final class Spawn implements Way {
        private final SlaveOptions options;

        Spawn(SlaveOptions options) {
            this.options = options;
        }

        @Override
        public long step() throws Exception {
            Histogram times = Way.times();
            run(0, 0, times);
            return times.getMaxValue();
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) {
            long until = System.nanoTime() + nanos;
            do {
                long begin = System.nanoTime();
                try (SlaveProcess slave = Processional.slave(options)) {
                    String text = ThreadWays.TEXT;
                    slave.invoke(() -> text.length());
                    times.recordValue(System.nanoTime() - begin);
                }
            } while (System.nanoTime() - until < 0);
        }

        @Override
        public boolean isTimedByStep() {
            return false;
        }

        @Override
        public void close() {}
    }
}
