// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.processional.Processional;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** All curves. */
final class Curves {
    private static final List<String> TRANSPORTS = List.of("shm", "unix", "tcp");
    private static final List<Long> CLIENTS = sizes(1, 2, 5, 10, 20, 50, 100, 200);
    private static final List<Long> MANY = sizes(1, 10, 100, 1000, 10_000, 100_000, 1_000_000);
    private static final List<Long> BYTES = sizes(
            64, 1 << 10, 16 << 10, 64 << 10, 128 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20);

    /** The most that one client can have pending. */
    private static final int CREDITS = 1 << 16;

    /** In the order of the table. */
    static final List<Curve> ALL = all();

    private Curves() {}

    private static List<Long> sizes(long... sizes) {
        return LongStream.of(sizes).boxed().toList();
    }

    private static List<Curve> all() {
        List<Curve> curves = new ArrayList<>();
        for (String transport : TRANSPORTS) {
            curves.add(new Curve(
                    "growth.clients." + transport, "clients", CLIENTS, false, () -> new Clients(transport, false)));
        }
        for (String transport : TRANSPORTS) {
            curves.add(new Curve(
                    "growth.clients-in-turn." + transport,
                    "clients",
                    CLIENTS,
                    false,
                    () -> new Clients(transport, true)));
        }
        for (String transport : TRANSPORTS) {
            curves.add(new Curve(
                    "growth.pending." + transport, "pending calls", MANY, false, () -> new Pending(transport)));
        }
        curves.add(new Curve("growth.exports.call", "exported objects", MANY, false, () -> new Exported(false)));
        curves.add(new Curve("growth.exports.wrap-drop", "exported objects", MANY, false, () -> new Exported(true)));
        for (String transport : TRANSPORTS) {
            curves.add(
                    new Curve("growth.payload.copied." + transport, "bytes", BYTES, true, () -> new Copied(transport)));
        }
        curves.add(new Curve("growth.payload.shared.shm", "bytes", BYTES, false, () -> new Shared("shm")));
        return List.copyOf(curves);
    }

    /** The curve of a name. */
    static Curve of(String name) {
        return ALL.stream()
                .filter(curve -> curve.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no curve " + name));
    }

    /** A call. */
    private static long invoke(SlaveProcess process, int number) {
        String captured = ThreadWays.TEXT;
        return process.invoke(() -> number + captured.length());
    }

    /** A server with clients in this JVM; the first is its master. */
    private static final class Server implements AutoCloseable {
        private final List<SlaveProcess> clients = new ArrayList<>();

        Server(String transport) {
            SlaveOptions options =
                    Pair.options(transport).toBuilder().credits(CREDITS).build();
            clients.add(Processional.server(options));
        }

        /** Connects more, until there are so many. */
        List<SlaveProcess> grow(long count) {
            while (clients.size() < count) {
                clients.add(Processional.client(clients.get(0).address()));
            }
            return clients;
        }

        @Override
        public void close() {
            clients.forEach(SlaveProcess::close);
        }
    }

    /** Clients of which one calls, or each in turn. */
    private static final class Clients implements Curve.Growing {
        private final Server server;
        private final boolean inTurn;

        Clients(String transport, boolean inTurn) {
            server = new Server(transport);
            this.inTurn = inTurn;
        }

        @Override
        public Way growTo(long size) {
            List<SlaveProcess> clients = server.grow(size);
            clients.forEach(client -> invoke(client, 0));
            return new RmiCalls.Numbered(number ->
                    invoke(clients.get(inTurn ? Math.floorMod(number, clients.size()) : 0), number));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /**
     * Tasks that are scheduled while the main thread of a server is busy, and then run: of as many clients as it takes. A step is
     * all of them, from the first schedule to the last result.
     */
    private static final class Pending implements Curve.Growing {
        /** Of a client; it needs credits for the task that waits, and for the one that opens the gate. */
        private static final int SHARE = CREDITS - 2;

        private final Server server;

        Pending(String transport) {
            server = new Server(transport);
        }

        @Override
        public Way growTo(long size) {
            List<SlaveProcess> clients = server.grow((size + SHARE - 1) / SHARE);
            return new RmiCalls.Numbered(unused -> step(clients, (int) size));
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the last of each client is awaited: they run in order
        private static long step(List<SlaveProcess> clients, int size) {
            clients.get(0).schedule(Gate::pass);
            String captured = ThreadWays.TEXT;
            List<Task<Integer>> last = new ArrayList<>();
            for (int client = 0, scheduled = 0; scheduled < size; client++) {
                int share = Math.min(SHARE, size - scheduled);
                SlaveProcess process = clients.get(client);
                for (int i = 1; i < share; i++) {
                    int number = i;
                    process.schedule(() -> number + captured.length());
                }
                last.add(process.schedule(() -> share + captured.length()));
                scheduled += share;
            }
            clients.get(0).thread(Gate::open).await();
            long sum = 0;
            for (Task<Integer> task : last) {
                sum += task.await();
            }
            return sum;
        }

        @Override
        public int operations(long size) {
            return (int) size;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** What the main thread of the server waits at. */
    private static final class Gate {
        private static CountDownLatch gate = new CountDownLatch(1); // guarded by the class

        private Gate() {}

        private static synchronized CountDownLatch gate() {
            return gate;
        }

        /** Waits until it is opened, and shuts it. */
        static void pass() throws InterruptedException {
            gate().await();
            synchronized (Gate.class) {
                gate = new CountDownLatch(1);
            }
        }

        /** Opens it. */
        static void open() {
            gate().countDown();
        }
    }

    /** Objects of a slave that are held here: calls of any of them, or of a new one that is wrapped and dropped. */
    private static final class Exported implements Curve.Growing {
        private static final int AT_ONCE = 1000;

        private final SlaveProcess slave = Processional.slave(Pair.options("unix"));
        private final List<Proxy<ProcessWays.Adder>> held = new ArrayList<>();
        private final Random random = new Random(1);
        private final boolean wrap;

        Exported(boolean wrap) {
            this.wrap = wrap;
        }

        @Override
        public Way growTo(long size) {
            while (held.size() < size) {
                int count = (int) Math.min(AT_ONCE, size - held.size());
                held.addAll(slave.invoke(() -> adders(count)));
            }
            String captured = ThreadWays.TEXT;
            return new RmiCalls.Numbered(number -> {
                if (wrap) {
                    try (Proxy<ProcessWays.Adder> adder = slave.wrap(ProcessWays.Adder::new)) {
                        return adder.hashCode();
                    }
                }
                return held.get(random.nextInt(held.size())).call(it -> it.add(number, captured));
            });
        }

        private static List<Proxy<ProcessWays.Adder>> adders(int count) {
            List<Proxy<ProcessWays.Adder>> adders = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                adders.add(Processional.export(new ProcessWays.Adder()));
            }
            return adders;
        }

        @Override
        public void close() {
            slave.close();
        }
    }

    /** A byte array that a function captures. */
    private static final class Copied implements Curve.Growing {
        private final SlaveProcess slave;

        Copied(String transport) {
            slave = Processional.slave(Pair.options(transport));
        }

        @Override
        public Way growTo(long size) {
            byte[] bytes = new byte[(int) size];
            return new RmiCalls.Numbered(number -> {
                bytes[0] = (byte) number;
                return slave.invoke(() -> bytes[0] + bytes.length);
            });
        }

        @Override
        public void close() {
            slave.close();
        }
    }

    /** Shared memory that a function captures. */
    private static final class Shared implements Curve.Growing {
        private final SlaveProcess slave;
        private final List<SharedMemory> memories = new ArrayList<>();

        Shared(String transport) {
            slave = Processional.slave(Pair.options(transport));
        }

        @Override
        public Way growTo(long size) {
            SharedMemory memory = Processional.sharedMemory(size);
            memories.add(memory);
            ByteBuffer view = memory.bytes(0, (int) size);
            return new RmiCalls.Numbered(number -> {
                view.put(0, (byte) number);
                return slave.invoke(() -> view.get(0) + view.capacity());
            });
        }

        @Override
        public void close() {
            memories.forEach(SharedMemory::close);
            slave.close();
        }
    }
}
