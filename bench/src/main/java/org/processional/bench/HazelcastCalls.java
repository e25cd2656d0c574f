// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/**
 * A peer: a lambda by Hazelcast's executor service, from a client to the one member of a cluster, over TCP on the
 * loopback.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class HazelcastCalls implements AutoCloseable {
    private static final String CLUSTER = "processional-bench";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NO_LOG = "hazelcast.logging.type";

    private final ChildJvm child = ChildJvm.startWith(ForkJvm.FLAGS_OF_HAZELCAST, Child.class);
    private final HazelcastInstance client;

    /** A function that can travel. */
    @FunctionalInterface
    private interface Function extends Callable<Integer>, Serializable {}

    private HazelcastCalls() throws IOException {
        ClientConfig config = new ClientConfig().setClusterName(CLUSTER).setProperty(NO_LOG, "none");
        config.getNetworkConfig().addAddress(LOOPBACK + ":" + child.line());
        client = HazelcastClient.newHazelcastClient(config);
    }

    /** A lambda. */
    static Way lambda(Pair pair) throws Exception {
        HazelcastInstance client = pair.shared(HazelcastCalls.class, "hazelcast", HazelcastCalls::new).client;
        IExecutorService executor = client.getExecutorService("bench");
        String text = ThreadWays.TEXT;
        return new RmiCalls.Numbered(number -> {
            Function function = () -> number + text.length();
            return executor.submit(function).get();
        });
    }

    @Override
    public void close() {
        client.shutdown();
        child.close();
    }

    /** The member. */
    static final class Child {
        private Child() {}

        /** Runs until its standard input ends; writes a line with its port when it is there. */
        public static void main(String[] args) throws IOException {
            Config config = new Config().setClusterName(CLUSTER).setProperty(NO_LOG, "none");
            config.setProperty("hazelcast.phone.home.enabled", "false");
            config.setProperty("hazelcast.socket.bind.any", "false");
            config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(LOOPBACK);
            JoinConfig join = config.getNetworkConfig().getJoin();
            join.getAutoDetectionConfig().setEnabled(false);
            join.getMulticastConfig().setEnabled(false);
            HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
            int port = member.getCluster().getLocalMember().getAddress().getPort();
            System.out.write((port + "\n").getBytes(StandardCharsets.US_ASCII));
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // only its end counts
            Runtime.getRuntime().halt(0);
        }
    }
}
