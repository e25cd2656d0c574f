// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.blocks.RequestOptions;
import org.jgroups.blocks.RpcDispatcher;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/**
 * A peer: a lambda by JGroups' dispatcher, in a cluster of two over TCP on the loopback.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class JGroupsCalls implements AutoCloseable {
    private static final String CLUSTER = "processional-bench";
    private static final Class<?>[] TYPES = {Function.class};
    private static final int MEMBERS = 2;
    private static final String READY = "@ready";

    private final ChildJvm child;
    private final JChannel channel;
    private final RpcDispatcher dispatcher;
    private final Address other;

    /** A function that can travel; public for JGroups, as is what runs it. */
    @FunctionalInterface
    public interface Function extends Serializable {
        /** Runs the function. */
        int run();
    }

    /** What is called. */
    public static final class Runner {
        private Runner() {}

        /** Runs a function. */
        public int run(Function function) {
            return function.run();
        }
    }

    private JGroupsCalls() throws Exception {
        int port = freePort();
        child = ChildJvm.start(Child.class, Integer.toString(port));
        while (!child.line().contains(READY)) {} // it prints who it is before
        channel = channel(freePort(), port);
        dispatcher = new RpcDispatcher(channel, new Runner());
        channel.connect(CLUSTER);
        if (channel.getView().size() < MEMBERS) {
            close();
            throw new IOException("the two did not find each other");
        }
        other = channel.getView().getMembers().stream()
                .filter(member -> !member.equals(channel.getAddress()))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static JChannel channel(int ownPort, int port) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        TCP tcp = new TCP();
        tcp.setBindAddress(loopback).setBindPort(ownPort);
        return new JChannel(
                tcp,
                new TCPPING().setInitialHosts(List.of(new InetSocketAddress(loopback, port))),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS(),
                new FRAG4());
    }

    /** A lambda. */
    static Way lambda(Pair pair) throws Exception {
        JGroupsCalls calls = pair.shared(JGroupsCalls.class, "jgroups", JGroupsCalls::new);
        String text = ThreadWays.TEXT;
        return new RmiCalls.Numbered(number -> {
            Function function = () -> number + text.length();
            Integer result = calls.dispatcher.callRemoteMethod(
                    calls.other, "run", new Object[] {function}, TYPES, RequestOptions.SYNC());
            return result;
        });
    }

    @Override
    public void close() {
        channel.close();
        child.close();
    }

    /** The other member. */
    static final class Child {
        private Child() {}

        /**
         * Runs until its standard input ends; writes a line when it is there.
         *
         * @param args its port
         */
        public static void main(String[] args) throws Exception {
            int port = Integer.parseInt(args[0]);
            JChannel channel = channel(port, port);
            try (RpcDispatcher dispatcher = new RpcDispatcher(channel, new Runner())) {
                dispatcher.getChannel().connect(CLUSTER);
                System.out.write((READY + "\n").getBytes(StandardCharsets.US_ASCII));
                System.out.flush();
                System.in.transferTo(OutputStream.nullOutputStream()); // only its end counts
            }
            Runtime.getRuntime().halt(0);
        }
    }
}
