// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import java.util.Objects;

/**
 * How far cancelling a task may go: a ladder with three rungs, of which each begins with those before it.
 *
 * <pre>{@code
 * task.cancel(Cancel.kill(Duration.ofSeconds(2)));
 * }</pre>
 *
 * <p>A task that waits is taken out of its queue. One that runs is asked to stop, by its {@link CancellationToken} and by
 * an interrupt. If its function still runs when the grace is over, the JVM of its slave is killed, with all its children:
 * every other task of that slave fails with a {@link SlaveDiedException} that names the {@linkplain
 * SlaveDiedException#causeTask() cause}. {@link Task#endedBy()} tells which rung it came to.
 *
 * <p>Only who started a process can have it killed, and a thread of this JVM cannot be killed at all: there, the last rung
 * is refused with an {@link IllegalArgumentException} before anything happens.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param rung the last rung that is allowed
 * @param grace of {@link Rung#KILL}, how long the function has to heed the interrupt; zero for the other rungs
 * @since 0.1
 */
public record Cancel(Rung rung, Duration grace) {
    /** The rungs, the mildest first. */
    public enum Rung {
        /** It is taken out of the queue, and never begins. */
        DEQUEUE,
        /** It runs, and is asked to stop. */
        INTERRUPT,
        /** The JVM that it runs in is killed. */
        KILL
    }

    private static final Cancel DEQUEUE = new Cancel(Rung.DEQUEUE, Duration.ZERO);
    private static final Cancel INTERRUPT = new Cancel(Rung.INTERRUPT, Duration.ZERO);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the grace is negative, or is not zero where nobody is killed
     */
    public Cancel {
        Objects.requireNonNull(rung, "rung");
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is " + grace + "; give zero or more");
        }
        if (rung != Rung.KILL && !grace.isZero()) {
            throw new IllegalArgumentException("grace is " + grace + " with rung " + rung + "; it is for KILL alone");
        }
    }

    /** Takes a task out of the queue; one that runs goes on. The same as {@code cancel(false)}. */
    public static Cancel dequeue() {
        return DEQUEUE;
    }

    /** Takes a task out of the queue, or asks it to stop if it runs. The same as {@code cancel(true)}. */
    public static Cancel interrupt() {
        return INTERRUPT;
    }

    /**
     * As {@link #interrupt()}, and kills the slave's JVM if the function still runs after the grace.
     *
     * @param grace how long it has to heed the interrupt; zero kills at once what runs
     * @throws IllegalArgumentException if the grace is negative
     */
    public static Cancel kill(Duration grace) {
        return new Cancel(Rung.KILL, grace);
    }

    /** Whether a task that runs is asked to stop. */
    public boolean mayInterrupt() {
        return rung != Rung.DEQUEUE;
    }

    /** Whether the JVM that it runs in may be killed. */
    public boolean mayKill() {
        return rung == Rung.KILL;
    }
}
