// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.processional.spi.Address;
import org.processional.tck.Eventually;

/**
 * What is drawn for one run.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param seed what it was drawn from
 * @param credits how many tasks of a client may be pending
 * @param codec the codec of the clients
 * @param clients one or more, each with its callers and its connections
 * @param killedAfter microseconds until the server is ended in the middle of it, {@link Episode closed} or {@link ProcessEpisode
 *     killed}; 0 for not at all
 * @param limit how long anything may take: who waits longer hangs
 * @since 0.1
 */
public record Plan(long seed, int credits, String codec, List<Client> clients, int killedAfter, Duration limit) {
    /** How long anything may take. */
    public static final Duration LIMIT = Eventually.limit();

    /**
     * A client.
     *
     * @param faults of its connections, one after the other
     * @param callers its threads
     * @param steps how much each of them does
     */
    public record Client(List<Fault> faults, int callers, int steps) {}

    /** Draws a plan. */
    public static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = 1 + random.nextInt(3);
        boolean calm = random.nextInt(4) == 0;
        int budget = 10 + random.nextInt(60); // steps in all
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Fault> faults = new ArrayList<>();
            for (int k = 1 + random.nextInt(3); k > 0; k--) {
                faults.add(calm ? Fault.NONE : Fault.draw(random));
            }
            int callers = 1 + random.nextInt(3);
            clients.add(new Client(List.copyOf(faults), callers, 1 + budget / (count * callers * faults.size())));
        }
        int credits = random.nextBoolean() ? 1 + random.nextInt(6) : 64;
        String codec = random.nextInt(3) == 0 ? "java" : "river";
        int killedAfter = !calm && random.nextInt(6) == 0 ? 1 + random.nextInt(5000) : 0;
        return new Plan(seed, credits, codec, List.copyOf(clients), killedAfter, LIMIT);
    }

    /** A plan of one caller at one connection. */
    public static Plan of(long seed, Fault fault, int steps, Duration limit) {
        return new Plan(seed, 64, "river", List.of(new Client(List.of(fault), 1, steps)), 0, limit);
    }

    /** This plan, with a server that is ended in the middle, so many microseconds after it has begun. */
    public Plan killed(int micros) {
        return new Plan(seed, credits, codec, clients, micros, limit);
    }

    /** The address of a connection. */
    String address(Address server, Fault fault) {
        String base = server.toString();
        char separator = server.options().isEmpty() ? '?' : '&';
        return fault.kind() == Fault.Kind.NONE ? base : base + separator + "fault=" + fault;
    }
}
