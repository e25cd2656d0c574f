// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How a connection in memory behaves where the contract leaves it free: the same seed and the same calls give the same
 * behaviour. An address chooses it too: {@code mem:name?weather=storm&seed=42}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param seed of the randomness
 * @param refused how many of 100 offers and flushes are refused, though there is room
 * @param split how many of 100 offers are taken in part, though there is room for all
 * @param held how many of 100 looks end before the next frame, though it is there; and how many frames are handed over
 *     in a buffer that is used again
 * @param delay the longest time that a frame is under way
 * @param clock what time it is
 * @since 0.1
 */
public record Weather(long seed, int refused, int split, int held, Duration delay, MemoryClock clock) {
    private static final List<String> OPTIONS = List.of("weather", "seed");

    /** Everything is taken, handed over and on its way at once. */
    public static final Weather CALM = new Weather(0, 0, 0, 0, Duration.ZERO, MemoryClock.system());

    /** Refuses a percentage that would let nothing through for ever. */
    public Weather {
        if (Math.max(refused, Math.max(split, held)) > 95 || Math.min(refused, Math.min(split, held)) < 0) {
            throw new IllegalArgumentException(
                    "percentages are 0 to 95, not refused " + refused + ", split " + split + ", held " + held);
        }
    }

    /** A third of everything that can be refused, split or held back is; frames are under way up to 50 µs. */
    public static Weather storm(long seed) {
        return new Weather(seed, 33, 33, 33, Duration.ofNanos(50_000), MemoryClock.system());
    }

    /** The same weather by another clock. */
    public Weather by(MemoryClock other) {
        return new Weather(seed, refused, split, held, delay, other);
    }

    /** What the options of an address ask for; this weather if they ask for none. */
    Weather of(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("option \"" + option + "\" is unknown; known are " + OPTIONS);
            }
        }
        String kind = options.getOrDefault("weather", "");
        return switch (kind) {
            case "" -> this;
            case "calm" -> CALM;
            case "storm" -> storm(Long.parseLong(options.getOrDefault("seed", "0")));
            default ->
                throw new IllegalArgumentException(
                        "weather \"" + kind + "\" is unknown; write weather=calm or" + " weather=storm");
        };
    }

    /** Randomness for one direction of one end. */
    RandomGenerator random(long salt) {
        return new SplittableRandom(seed * 31 + salt);
    }
}
