// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.rmi.server.UnicastRemoteObject;

/**
 * The peer of {@code process.invoke.unix} and {@code process.invoke.shm}: a lambda by Java RMI, over TCP on the loopback.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class RmiCalls implements Way {
    private final ChildJvm child = ChildJvm.start(Child.class);
    private final RemoteRunner runner;
    private final String text = ThreadWays.TEXT;
    private int number;

    RmiCalls() throws IOException, ClassNotFoundException {
        try {
            runner = (RemoteRunner) new ObjectInputStream(child.output()).readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    @Override
    public long step() throws IOException {
        int captured = number++;
        String capturedToo = text;
        return runner.run(() -> captured + capturedToo.length());
    }

    @Override
    public void close() {
        child.close();
    }

    /** The other end: exports a runner and writes its stub to the standard output. */
    static final class Child {
        private Child() {}

        /** Runs until its standard input ends. */
        public static void main(String[] args) throws IOException {
            System.setProperty("java.rmi.server.hostname", "localhost");
            RemoteRunner runner = RemoteRunner.Function::run;
            ObjectOutputStream out = new ObjectOutputStream(System.out);
            out.writeObject(UnicastRemoteObject.exportObject(runner, 0));
            out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // nothing is sent; only its end counts
            UnicastRemoteObject.unexportObject(runner, true);
        }
    }
}
