// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.rmi.RemoteException;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * A peer: Java RMI, over TCP on the loopback, with a server in a JVM that the ways of a pair share.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class RmiCalls implements AutoCloseable {
    private static final int THREADS = 4;

    private final ChildJvm child = ChildJvm.start(Child.class);
    private final RemoteRunner runner;

    private RmiCalls() throws IOException, ClassNotFoundException {
        try {
            runner = (RemoteRunner) new ObjectInputStream(child.output()).readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static RemoteRunner runner(Pair pair) throws Exception {
        return pair.shared(RmiCalls.class, "rmi", RmiCalls::new).runner;
    }

    @Override
    public void close() {
        child.close();
    }

    /** A lambda. */
    static Way lambda(Pair pair) throws Exception {
        RemoteRunner runner = runner(pair);
        String text = ThreadWays.TEXT;
        return new Numbered(number -> runner.run(() -> number + text.length()));
    }

    /** A method of a remote object. */
    static Way method(Pair pair) throws Exception {
        RemoteRunner runner = runner(pair);
        return new Numbered(number -> runner.add(number, ThreadWays.TEXT));
    }

    /** What a way does, with a number that grows. */
    @FunctionalInterface
    interface Numbering {
        /** Does it. */
        long step(int number) throws Exception;
    }

    /** Does it again and again. */
    static final class Numbered implements Way {
        private final Numbering numbering;
        private int number;

        Numbered(Numbering numbering) {
            this.numbering = numbering;
        }

        @Override
        public long step() throws Exception {
            return numbering.step(number++);
        }

        @Override
        public void close() {}
    }

    /** Lambdas of several threads: RMI has no other way to have more than one on the way. */
    static final class Threaded implements Way {
        private final RemoteRunner runner;
        private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

        Threaded(Pair pair) throws Exception {
            runner = runner(pair);
        }

        @Override
        public long step() throws Exception {
            List<Callable<Integer>> shares = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                shares.add(this::share);
            }
            int last = 0;
            for (Future<Integer> share : executor.invokeAll(shares)) {
                last = share.get();
            }
            return last;
        }

        @Override
        public boolean allocatesHere() {
            return false; // its threads do
        }

        private int share() throws RemoteException {
            String text = ThreadWays.TEXT;
            int last = 0;
            for (int i = 0; i < Row.BATCH / THREADS; i++) {
                int number = i;
                last = runner.run(() -> number + text.length());
            }
            return last;
        }

        @Override
        public void close() {
            ThreadWays.shutDown(executor);
        }
    }

    /** Calls that come back, timed there. */
    static final class Callback implements Way {
        private final RemoteRunner runner;
        private final Runner exported = new Runner();
        private final RemoteRunner stub;
        private int number;

        Callback(Pair pair) throws Exception {
            runner = runner(pair);
            stub = (RemoteRunner) UnicastRemoteObject.exportObject(exported, 0);
        }

        @Override
        public long step() throws Exception {
            int captured = number++;
            RemoteRunner back = stub;
            return runner.run(() -> back.add(captured, ThreadWays.TEXT));
        }

        @Override
        public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
            byte[] encoded = runner.callBack(stub, nanos);
            times.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), LONGEST_NANOS));
        }

        @Override
        public boolean allocatesHere() {
            return false; // the other JVM calls
        }

        @Override
        public void close() {
            try {
                UnicastRemoteObject.unexportObject(exported, true);
            } catch (RemoteException e) {
                throw new IllegalStateException("the object that was called back is not exported", e);
            }
        }
    }

    /** Runs what is sent. */
    private static final class Runner implements RemoteRunner {
        @Override
        public int run(Function function) throws RemoteException {
            return function.run();
        }

        @Override
        public int add(int number, String text) {
            return number + text.length();
        }

        @Override
        public byte[] callBack(RemoteRunner other, long nanos) throws RemoteException {
            Histogram times = Way.times();
            try {
                Way.run(() -> other.add(0, ThreadWays.TEXT), nanos, 0, times);
            } catch (RemoteException e) {
                throw e;
            } catch (Exception e) {
                throw new RemoteException("the call back failed", e);
            }
            return encoded(times);
        }
    }

    /** The times as bytes. */
    static byte[] encoded(Histogram times) {
        ByteBuffer bytes = ByteBuffer.allocate(times.getNeededByteBufferCapacity());
        byte[] encoded = new byte[times.encodeIntoCompressedByteBuffer(bytes)];
        bytes.flip().get(encoded);
        return encoded;
    }

    /** The other end: exports a runner and writes its stub to the standard output. */
    static final class Child {
        private Child() {}

        /** Runs until its standard input ends. */
        public static void main(String[] args) throws IOException {
            System.setProperty("java.rmi.server.hostname", "localhost");
            RemoteRunner runner = new Runner();
            ObjectOutputStream out = new ObjectOutputStream(System.out);
            out.writeObject(UnicastRemoteObject.exportObject(runner, 0));
            out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // nothing is sent; only its end counts
            UnicastRemoteObject.unexportObject(runner, true);
        }
    }
}
