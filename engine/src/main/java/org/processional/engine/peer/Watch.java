// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;
import org.processional.engine.task.Durations;

/**
 * Looks once in a second after the connections over which this process has asked something, whether their other ends give
 * signs of life: what a fast call costs is one look at a flag.
 *
 * <p><b>Threads:</b> {@code add} from any thread; one daemon for all connections, which ends when there are none.
 */
final class Watch {
    /** How long a process is silent, in milliseconds, until that is logged. */
    static final String PROPERTY = "processional.silence";

    private static final Duration REPORT = Duration.ofSeconds(10);
    private static final long TICK_NANOS = 1_000_000_000;
    private static final long QUICK_TICK_NANOS = 100_000_000;
    private static final long SHORT_NANOS = 5 * TICK_NANOS;

    /** Who looks so late was stopped itself, or had no processor. */
    private static final long AWAY_NANOS = 3 * TICK_NANOS;

    private static final Map<Peer, Silence> ALL = new ConcurrentHashMap<>();
    private static boolean running; // guarded by the class

    private Watch() {}

    /** Begins to watch a connection; it is forgotten when it ends. */
    static void add(Peer peer) {
        ALL.put(peer, new Silence(new PeerSigns(peer), reportTime(), peer.silenceLimit()));
        start();
    }

    private static Duration reportTime() {
        String given = System.getProperty(PROPERTY);
        try {
            return given == null ? REPORT : Durations.cut(Duration.ofMillis(Math.max(1, Long.parseLong(given))));
        } catch (NumberFormatException e) {
            Log.engine().warn("{} is \"{}\"; give milliseconds", PROPERTY, given, e);
            return REPORT;
        }
    }

    private static synchronized void start() {
        if (running) {
            return;
        }
        Thread thread = Daemons.make("processional-watch", new Runnable() {
            @Override
            public void run() {
                watch();
            }
        });
        try {
            thread.start();
            running = true;
        } catch (OutOfMemoryError e) { // no more threads: to be watched is the least that is missing
            Log.engine().warn("connections are not watched", e);
        }
    }

    private static synchronized boolean goesOn() {
        running = !ALL.isEmpty();
        return running;
    }

    private static void watch() {
        long last = EngineTime.nanos();
        do {
            EngineTime.park(ALL, tick());
            Thread.interrupted(); // nobody has a reason to interrupt it
            long now = EngineTime.nanos();
            for (Iterator<Map.Entry<Peer, Silence>> each = ALL.entrySet().iterator(); each.hasNext(); ) {
                Map.Entry<Peer, Silence> next = each.next();
                if (next.getKey().isOpen()) {
                    look(next.getValue(), now, now - last > AWAY_NANOS);
                } else {
                    each.remove();
                }
            }
            last = now;
        } while (goesOn());
    }

    private static void look(Silence silence, long now, boolean wasAway) {
        try {
            silence.look(now, wasAway);
        } catch (RuntimeException | Error e) { // the others are watched nevertheless
            Log.engine().warn("looking after a connection failed", e);
        }
    }

    /** Short times, which tests have, are seen with a shorter tick. */
    private static long tick() {
        for (Silence silence : ALL.values()) {
            if (silence.isShorterThan(SHORT_NANOS)) {
                return QUICK_TICK_NANOS;
            }
        }
        return TICK_NANOS;
    }
}
