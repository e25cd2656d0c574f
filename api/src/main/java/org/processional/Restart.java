// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;

/**
 * How often another process takes the place of a slave that died: {@link SlaveOptions#restart()}.
 *
 * <p>The new process starts with the same options, and runs the initial class again. What was pending fails with
 * {@link SlaveDiedException}; what is asked for while the new process starts waits for it, at most the option
 * {@code startLimit}. A start that fails counts like a death, and the next follows after a pause: 50 ms, and each time twice
 * as long, up to 5 s. Objects of the process that died are gone: their proxies throw {@link SlaveDiedException}.
 * {@link SlaveProcess#pid()}, {@link SlaveProcess#id()} and, unless it was given, {@link SlaveProcess#address()} are those of
 * the latest process.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param times how many restarts there are at most within the time, 1 to 1000000; the next death is the last one
 * @param within that time: restarts that are longer ago do not count
 * @since 0.1
 */
public record Restart(int times, Duration within) {
    private static final int MOST = 1_000_000;

    /** Checks the values. */
    public Restart {
        if (times < 1 || times > MOST) {
            throw new IllegalArgumentException(
                    "times is " + times + "; give 1 to " + MOST + ", or leave out the option restart for none");
        }
        Options.positive("within", within);
    }

    /**
     * At most so many restarts in such a time.
     *
     * @param times how many, 1 to 1000000
     * @param within the time, above zero
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static Restart atMost(int times, Duration within) {
        return new Restart(times, within);
    }

    /** For example {@code at most 3 times within PT1M}. */
    @Override
    public String toString() {
        return "at most " + times + (times == 1 ? " time" : " times") + " within " + within;
    }
}
