// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A thing to measure, and the ways of doing it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name such as {@code thread.invoke}
 * @param operations how many operations a step of each way is; 1 where the time of a single one counts
 * @param makers a maker for each role
 */
record Row(String name, int operations, Map<Role, Way.Maker> makers) {
    /** Tasks in a batch of {@link #THREAD_SCHEDULE}. */
    static final int BATCH = 1000;

    /** A function on a slave thread, awaited at once. */
    static final Row THREAD_INVOKE =
            row("thread.invoke", 1, SpinPair::new, SlotThread.Calls::new, ThreadWays.Invoke::new, ThreadWays.Get::new);

    /** Functions scheduled on a slave thread; the last is awaited. */
    static final Row THREAD_SCHEDULE = row(
            "thread.schedule",
            BATCH,
            SpinRing::new,
            QueueThread.Batches::new,
            ThreadWays.Schedule::new,
            ThreadWays.Submit::new);

    /** A function in another JVM over a Unix socket, awaited at once. */
    static final Row PROCESS_INVOKE_UNIX = row(
            "process.invoke.unix", 1, SocketPingPong::unix, HandMadeCalls::unix, ProcessInvoke::unix, RmiCalls::new);

    /** A function in another JVM over shared memory, awaited at once. */
    static final Row PROCESS_INVOKE_SHM = row(
            "process.invoke.shm", 1, MappedPingPong::new, MappedCalls::new, ProcessInvoke::sharedMemory, RmiCalls::new);

    /** A function in another JVM over TCP at loopback, awaited at once. */
    static final Row PROCESS_INVOKE_TCP =
            row("process.invoke.tcp", 1, SocketPingPong::tcp, HandMadeCalls::tcp, ProcessInvoke::tcp, RmiCalls::new);

    /** All there are. */
    static final List<Row> ALL =
            List.of(THREAD_INVOKE, THREAD_SCHEDULE, PROCESS_INVOKE_UNIX, PROCESS_INVOKE_SHM, PROCESS_INVOKE_TCP);

    /** Takes a copy. */
    Row {
        makers = Map.copyOf(makers);
    }

    private static Row row(
            String name, int operations, Way.Maker limit, Way.Maker floor, Way.Maker ours, Way.Maker peer) {
        return new Row(
                name, operations, Map.of(Role.LIMIT, limit, Role.FLOOR, floor, Role.OURS, ours, Role.PEER, peer));
    }

    /** The row of a name. */
    static Row of(String name) {
        return ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row " + name));
    }

    /** Opens the way of a role; close it. */
    Way open(Role role) throws Exception {
        Way.Maker maker = makers.get(role);
        if (maker == null) {
            throw new IllegalArgumentException(name + " has no " + role + "; it has " + makers.keySet());
        }
        return maker.make();
    }

    /** Opens all ways, in the order of the roles; none is left open if one fails. */
    Map<Role, Way> openAll() throws Exception {
        Map<Role, Way> ways = new EnumMap<>(Role.class);
        try {
            for (Role role : Role.values()) {
                if (makers.containsKey(role)) {
                    ways.put(role, open(role));
                }
            }
        } catch (Exception e) {
            ways.values().forEach(Way::close);
            throw e;
        }
        return ways;
    }
}
