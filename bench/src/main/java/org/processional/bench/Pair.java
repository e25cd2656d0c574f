// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.File;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/**
 * The JVMs on the other side of this one, which the ways of a row share: ours, its limit and its floor have their other
 * ends in the same slave, so that what differs from one pair of JVMs to the next (which processor, which pages) is the
 * same for all. Each is started when it is first needed, and ended with the pair.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class Pair implements AutoCloseable {
    /** In the paths of jars that a slave has no use for. */
    private static final String PEERS = File.separator + "peers" + File.separator;

    private final Map<String, AutoCloseable> shared = new HashMap<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>(); // the last first

    /** What runs at the other end. */
    @FunctionalInterface
    interface End extends Serializable {
        /**
         * Runs until this end closes what is between the two.
         *
         * @param place where to meet
         */
        void run(String place) throws Exception;
    }

    /** Starts something that is ended by close. */
    @FunctionalInterface
    interface Start<T> {
        /** Starts it. */
        T start() throws Exception;
    }

    /** What is there under a name, or else is started. */
    <T extends AutoCloseable> T shared(Class<T> type, String name, Start<T> start) throws Exception {
        AutoCloseable found = shared.get(name);
        if (found == null) {
            found = start.start();
            started.push(found);
            shared.put(name, found);
        }
        return type.cast(found);
    }

    /** The slave, with the defaults but for the transport. */
    SlaveProcess slave(String transport) throws Exception {
        return shared(Slave.class, transport, () -> new Slave(Processional.slave(options(transport))))
                .process();
    }

    private record Slave(SlaveProcess process) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /** What a slave of a transport is started with: all of the class path but the peers. */
    static SlaveOptions options(String transport) {
        return SlaveOptions.builder().transport(transport).classPath(path()).build();
    }

    /** The class path without the peers. */
    static List<Path> path() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty() && !entry.contains(PEERS))
                .map(Path::of)
                .toList();
    }

    /** Starts the other end of something in a thread of the slave, beside its main thread. */
    void start(String transport, String place, End end) throws Exception {
        slave(transport).invoke(() -> {
            Threads.start("end", () -> {
                try {
                    end.run(place);
                } catch (Exception e) {
                    throw new IllegalStateException("the other end at " + place + " failed", e);
                }
            });
        });
    }

    /** Ends all JVMs, and waits for their end. */
    @Override
    public void close() {
        RuntimeException failed = null;
        for (AutoCloseable each : started) {
            try {
                each.close();
            } catch (Exception e) {
                if (failed == null) {
                    failed = new IllegalStateException("a JVM of the pair did not end as it should", e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        started.clear();
        shared.clear();
        if (failed != null) {
            throw failed;
        }
    }
}
