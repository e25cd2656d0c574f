// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

/**
 * The way of references to one other process: when the connection is lost, nothing on it arrives any more.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
public final class Flights {
    boolean lost; // guarded by the lock of Segments
    private volatile boolean used; // set under that lock

    /** The way over a new connection. */
    public Flights() {}

    /** The way of what is never sent: nothing is counted on it. */
    public static Flights none() {
        Flights flights = new Flights();
        flights.lost = true;
        return flights;
    }

    /** A reference departs on it. */
    void use() {
        used = true;
    }

    /** Whether references that departed on it have not arrived. */
    public boolean areOnTheWay() {
        return used && Segments.areOnTheWay(this);
    }

    /** The connection has ended; see {@link Segments#lost}. */
    public void close() {
        Segments.lost(this);
    }
}
