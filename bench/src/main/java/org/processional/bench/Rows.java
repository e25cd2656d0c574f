// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import static org.processional.bench.Entrant.floor;
import static org.processional.bench.Entrant.limit;
import static org.processional.bench.Entrant.more;
import static org.processional.bench.Entrant.other;
import static org.processional.bench.Entrant.ours;
import static org.processional.bench.Entrant.peer;
import static org.processional.bench.Target.NONE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processional.SlaveOptions;
import org.processional.SlaveThreadOptions;
import org.processional.Waiting;

/** All rows, in the order of the table. */
final class Rows {
    private static final List<String> TRANSPORTS = List.of("shm", "unix", "tcp");
    private static final List<Integer> PAUSES_MILLIS = List.of(1, 10, 100);
    private static final int MESSAGE_BYTES = 64;
    private static final int PRODUCERS = 3;
    private static final int MEBIBYTE = 1 << 20;
    private static final int SHARED_BYTES = 10_000_000;

    /** Functions scheduled on a slave thread; the last is awaited. */
    static final Row THREAD_SCHEDULE = Row.rates(
                    "thread.schedule",
                    "thread",
                    Row.BATCH,
                    limit("spinning threads, a ring", pair -> new SpinRing()),
                    floor("an array queue", pair -> new QueueThread.Batches()),
                    ours(pair -> new ThreadWays.Schedule()),
                    peer("executor submit", pair -> new ThreadWays.Submit()))
            .must(Target.faster(1.5, 2));

    /** The idle row that is measured first. */
    static final String FIRST_IDLE = "idle.shm";

    /** Why rows are left out here, by name. */
    static final Map<String, String> LEFT_OUT = new LinkedHashMap<>();

    /** All that can be measured here. */
    static final List<Row> ALL = all();

    private Rows() {}

    /** The row of a name. */
    static Row of(String name) {
        return ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row " + name));
    }

    private static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        rows.add(Row.times(
                        "thread.invoke",
                        "thread",
                        limit("two threads spinning", pair -> new SpinPair()),
                        floor("one slot", pair -> new SlotThread.Calls()),
                        ours(pair -> new ThreadWays.Invoke()),
                        peer("executor submit().get()", pair -> new ThreadWays.Get()))
                .must(Target.toLimit(6, 3), Target.faster(50, NONE)));
        rows.add(THREAD_SCHEDULE);
        TRANSPORTS.forEach(transport -> rows.add(invoke(transport)));
        TRANSPORTS.forEach(transport -> PAUSES_MILLIS.forEach(pause -> rows.add(afterIdle(transport, pause))));
        TRANSPORTS.forEach(transport -> rows.add(proxyCall(transport)));
        TRANSPORTS.forEach(transport -> rows.add(callback(transport)));
        TRANSPORTS.forEach(transport -> rows.add(schedule(transport)));
        TRANSPORTS.forEach(transport -> rows.add(echo(transport)));
        TRANSPORTS.forEach(transport -> rows.add(shared(transport)));
        rows.add(stream("64B", MESSAGE_BYTES, 4 * Row.BATCH));
        rows.add(stream("64KiB", 64 * 1024, 100));
        TRANSPORTS.forEach(transport -> rows.add(wrap(transport)));
        rows.add(threadScheduleOfProducers());
        TRANSPORTS.forEach(transport -> rows.add(scheduleOfProducers(transport)));
        add(rows, virtual(), OnVirtualThread.isAvailable(), "virtual threads need Java 21");
        add(rows, oneCore(), OneCore.isAvailable(), "there is no taskset, or the first processor must not be used");
        TRANSPORTS.forEach(transport -> rows.add(spawn(transport)));
        TRANSPORTS.forEach(transport -> rows.add(spawnWithoutArchive(transport)));
        rows.add(codec("lambda", Graph.LAMBDA, 100).must(Target.micros(0.5, 0.25)));
        rows.add(codec("record", Graph.RECORD, 100).must(Target.micros(4, 1.5)));
        rows.add(codec("order", Graph.ORDER, 100).must(Target.micros(5, 3)));
        rows.add(codec("integers", Graph.INTEGERS, 10).must(Target.micros(25, 12)));
        rows.add(codec("1MiB", Graph.MEBIBYTE, 1));
        TRANSPORTS.forEach(transport -> rows.add(idle(transport)));
        add(rows, memory(), Idle.tellsMemory(), "the system does not tell the memory of a process");
        return List.copyOf(rows);
    }

    private static void add(List<Row> rows, List<Row> more, boolean available, String whyNot) {
        if (available) {
            rows.addAll(more);
        } else {
            more.forEach(row -> LEFT_OUT.put(row.name(), whyNot));
        }
    }

    /** What differs between the transports. */
    private static <T> T byTransport(String transport, T shm, T unix, T tcp) {
        return switch (transport) {
            case "shm" -> shm;
            case "unix" -> unix;
            default -> tcp;
        };
    }

    private static Entrant pingPong(String transport) {
        return transport.equals("shm")
                ? limit("64 bytes, spinning", MappedPingPong::single)
                : limit("64 bytes, polling", pair -> SocketPingPong.polling(pair, transport));
    }

    private static Way handMade(Pair pair, String transport) throws Exception {
        return transport.equals("shm") ? MappedCalls.single(pair) : HandMadeCalls.single(pair, transport);
    }

    private static Row invoke(String transport) {
        List<Entrant> entrants = new ArrayList<>(List.of(
                pingPong(transport),
                floor("hand-made calls", pair -> handMade(pair, transport)),
                ours(pair -> new ProcessWays.Invoke(pair, transport)),
                peer("RMI, a lambda", RmiCalls::lambda),
                other("gRPC over Unix, 64 bytes", pair -> GrpcCalls.message(pair, "unix"))));
        if (transport.equals("shm")) {
            entrants.add(other("Aeron IPC, 64 bytes", AeronMessages::single));
        }
        entrants.add(more("gRPC over TCP, 64 bytes", pair -> GrpcCalls.message(pair, "tcp")));
        entrants.add(more("JGroups, a lambda", JGroupsCalls::lambda));
        entrants.add(more("Hazelcast, a lambda", HazelcastCalls::lambda));
        Target limit = byTransport(transport, Target.toLimit(8, 5), Target.toLimit(1.8, 1.4), Target.toLimit(1.6, 1.3));
        return new Row("process.invoke." + transport, transport, Row.Figure.TIME, 1, 0, entrants)
                .must(limit, Target.toFloor(1.3, NONE), Target.faster(byTransport(transport, 50, 10, 6), NONE));
    }

    /** Shared memory can only wake another process by a system call, so its limit is that of the Unix socket. */
    private static Row afterIdle(String transport, int pauseMillis) {
        List<Entrant> entrants = List.of(
                limit("64 bytes, blocking", pair -> SocketPingPong.blocking(pair, transport)),
                ours(pair -> new ProcessWays.Invoke(pair, transport)));
        return new Row(
                        "process.invoke." + transport + ".after-idle." + pauseMillis + "ms",
                        transport,
                        Row.Figure.TIME,
                        1,
                        pauseMillis,
                        entrants)
                .must(Target.toLimit(1.5, 1.2));
    }

    private static Row proxyCall(String transport) {
        return Row.times(
                        "proxy.call." + transport,
                        transport,
                        pingPong(transport),
                        floor("our invoke", pair -> new ProcessWays.Invoke(pair, transport)),
                        ours(pair -> new ProcessWays.ProxyCall(pair, transport)),
                        peer("RMI, a method", RmiCalls::method))
                .must(Target.toFloor(1.3, 1.1));
    }

    private static Row callback(String transport) {
        return Row.times(
                        "callback." + transport,
                        transport,
                        pingPong(transport),
                        floor("our invoke", pair -> new ProcessWays.Invoke(pair, transport)),
                        ours(pair -> new ProcessWays.Callback(pair, transport)),
                        peer("RMI, a call back", RmiCalls.Callback::new))
                .must(Target.toFloor(1.3, 1.1));
    }

    private static Row schedule(String transport) {
        boolean mapped = transport.equals("shm");
        int there = Row.BATCH * MESSAGE_BYTES;
        return Row.rates(
                        "process.schedule." + transport,
                        transport,
                        Row.BATCH,
                        limit(
                                "1000 times 64 bytes at once",
                                pair -> mapped
                                        ? MappedPingPong.bulk(pair, there, MESSAGE_BYTES)
                                        : SocketBulk.of(pair, transport, there, MESSAGE_BYTES)),
                        floor(
                                "hand-made calls",
                                pair -> mapped
                                        ? MappedCalls.batches(pair, Row.BATCH)
                                        : HandMadeCalls.batches(pair, transport, Row.BATCH)),
                        ours(pair -> new ProcessWays.Schedule(pair, transport)),
                        peer("RMI, 4 threads", RmiCalls.Threaded::new))
                .must(
                        Target.rate(byTransport(transport, 400_000, 600_000, 400_000), 1_200_000),
                        Target.faster(10, NONE));
    }

    private static Row echo(String transport) {
        boolean mapped = transport.equals("shm");
        return Row.times(
                        "echo.1MiB." + transport,
                        transport,
                        limit("two copies each way", pair -> new CopyTwice(MEBIBYTE)),
                        floor(
                                "raw bytes",
                                pair -> mapped
                                        ? MappedPingPong.bulk(pair, MEBIBYTE, MEBIBYTE)
                                        : SocketBulk.of(pair, transport, MEBIBYTE, MEBIBYTE)),
                        ours(pair -> new ProcessWays.Echo(pair, transport, MEBIBYTE)),
                        peer("gRPC over Unix", pair -> GrpcCalls.echo(pair, "unix", MEBIBYTE)),
                        more("gRPC over TCP", pair -> GrpcCalls.echo(pair, "tcp", MEBIBYTE)))
                .must(Target.micros(byTransport(transport, 500, 900, 1200), 200));
    }

    private static Row shared(String transport) {
        return Row.times(
                        "shared.10MB." + transport,
                        transport,
                        pingPong(transport),
                        floor("our invoke", pair -> new ProcessWays.Invoke(pair, transport)),
                        ours(pair -> new ProcessWays.Shared(pair, transport, SHARED_BYTES)))
                .must(Target.toFloor(1.5, 1.1));
    }

    /** The transport alone. */
    private static Row stream(String name, int length, int count) {
        return Row.rates(
                        "stream." + name + ".shm",
                        "shm",
                        count,
                        limit("all of them at once", pair -> MappedPingPong.bulk(pair, length * count, MESSAGE_BYTES)),
                        ours(pair -> new FrameStream(pair, "shm", length, count)),
                        peer("Aeron IPC", pair -> AeronMessages.stream(pair, length, count)))
                .must(Target.faster(1, 1.5));
    }

    private static Row wrap(String transport) {
        return Row.times(
                "wrap-drop." + transport,
                transport,
                pingPong(transport),
                floor("our invoke", pair -> new ProcessWays.Invoke(pair, transport)),
                ours(pair -> new ProcessWays.WrapAndDrop(pair, transport)));
    }

    private static Row threadScheduleOfProducers() {
        return Row.rates(
                        "thread.schedule.3-producers",
                        "thread",
                        PRODUCERS * Producers.STEPS * Row.BATCH,
                        floor("an array queue", pair -> new Producers(PRODUCERS, new QueueThread.Batches())),
                        ours(pair -> new Producers(PRODUCERS, new ThreadWays.Schedule())),
                        peer("executor submit", pair -> new Producers(PRODUCERS, new ThreadWays.Submit())))
                .must(Target.faster(1.5, 2));
    }

    /** Several threads that schedule, beside one. */
    private static Row scheduleOfProducers(String transport) {
        return Row.rates(
                "process.schedule." + transport + ".3-producers",
                transport,
                PRODUCERS * Producers.STEPS * Row.BATCH,
                floor("one thread of ours, as often", pair -> asOften(new ProcessWays.Schedule(pair, transport))),
                ours(pair -> new Producers(PRODUCERS, new ProcessWays.Schedule(pair, transport))));
    }

    private static Way asOften(Way way) {
        return new RmiCalls.Numbered(number -> {
            long sum = 0;
            for (int i = 0; i < PRODUCERS * Producers.STEPS; i++) {
                sum += way.step();
            }
            return sum;
        });
    }

    /** A virtual thread calls, beside a platform thread. */
    private static List<Row> virtual() {
        List<Row> rows = new ArrayList<>();
        rows.add(virtual("thread", pair -> new ThreadWays.Invoke()));
        TRANSPORTS.forEach(transport -> rows.add(virtual(transport, pair -> new ProcessWays.Invoke(pair, transport))));
        return rows;
    }

    private static Row virtual(String group, Way.Maker invoke) {
        return Row.times(
                        "virtual.invoke." + group,
                        group,
                        floor("our invoke of a platform thread", invoke),
                        ours(pair -> new OnVirtualThread(invoke.make(pair))))
                .must(Target.toFloor(2, NONE));
    }

    /**
     * All share one processor. What sleeps at once is the best there: of a slave thread that is our own option, of a process
     * the hand-made calls (over a Unix socket beside shared memory, as nothing else wakes another process).
     */
    private static List<Row> oneCore() {
        List<Row> rows = new ArrayList<>();
        SlaveThreadOptions parking =
                SlaveThreadOptions.builder().waiting(Waiting.PARK).build();
        rows.add(oneCore(
                "thread",
                floor("our invoke, parks at once", pair -> new ThreadWays.Invoke(parking)),
                pair -> new ThreadWays.Invoke()));
        TRANSPORTS.forEach(transport -> rows.add(oneCore(
                transport,
                floor("hand-made calls, sleep at once", pair -> HandMadeCalls.blocking(pair, transport)),
                pair -> new ProcessWays.Invoke(pair, transport))));
        return rows;
    }

    private static Row oneCore(String name, Entrant floor, Way.Maker invoke) {
        return Row.times("one-core.invoke." + name, Row.ONE_CORE, floor, ours(invoke))
                .must(Target.toFloor(1.2, NONE));
    }

    private static Row idle(String transport) {
        return Row.times(
                        "idle." + transport,
                        Row.IDLE,
                        limit("a bare JVM that sleeps", Idle::bareTime),
                        ours(pair -> Idle.slaveTime(pair, transport)))
                .must(Target.overLimit(10_000, NONE));
    }

    private static List<Row> memory() {
        return TRANSPORTS.stream().map(Rows::memory).toList();
    }

    private static Row memory(String transport) {
        List<Entrant> entrants = List.of(
                limit("a bare JVM that sleeps", Idle::bareMemory), ours(pair -> Idle.slaveMemory(pair, transport)));
        return new Row("memory." + transport, Row.IDLE, Row.Figure.MEMORY, 1, 0, entrants)
                .must(Target.toLimit(1.4, NONE));
    }

    private static Row spawn(String transport) {
        return Row.times(
                        "spawn." + transport,
                        "spawn",
                        limit("java Hello", pair -> Spawns.hello()),
                        floor("a JVM with hand-made calls", pair -> Spawns.handMade(transport)),
                        ours(pair -> new ProcessWays.Spawn(Pair.options(transport))))
                .must(Target.toLimit(2, NONE));
    }

    private static Row spawnWithoutArchive(String transport) {
        SlaveOptions options =
                Pair.options(transport).toBuilder().archive(false).build();
        return Row.times(
                        "spawn." + transport + ".no-archive",
                        "spawn",
                        limit("java Hello", pair -> Spawns.hello()),
                        ours(pair -> new ProcessWays.Spawn(options)))
                .must(Target.toLimit(4, NONE));
    }

    /** The codec alone, within one thread. */
    private static Row codec(String name, Graph graph, int count) {
        return new Row(
                "codec." + name,
                Row.CODEC,
                Row.Figure.TIME,
                count,
                0,
                List.of(
                        ours(pair -> new CodecWay(new SessionCopier(), graph, count)),
                        peer("Kryo", pair -> new CodecWay(new KryoCopier(), graph, count)),
                        other("Fory", pair -> new CodecWay(new ForyCopier(), graph, count)),
                        other("Java serialization", pair -> new CodecWay(Copier.ofJdk(), graph, count))));
    }
}
