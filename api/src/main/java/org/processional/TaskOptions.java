// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one task runs: {@code slave.schedule(function, TaskOptions.within(Duration.ofSeconds(5)))}.
 *
 * <p>The time limit counts from when the task is scheduled, so that the time in the queue is in it. When it is over, the
 * task ends with a {@link TaskTimeoutException} that says what the function was doing, and the function is stopped as
 * {@code atLimit} says. The calls that the function makes meanwhile, to slaves, proxies and callbacks, in this process and
 * others, have what is left of the time, unless they have less of their own.
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param name what the task is called in messages; null (the default) for none
 * @param limit longest time from scheduling to the end; null (the default) for none, above zero
 * @param atLimit how far stopping the function goes when its time is over; {@link Cancel#interrupt()} by default
 * @since 0.1
 */
public record TaskOptions(@Nullable String name, @Nullable Duration limit, Cancel atLimit) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public TaskOptions {
        Objects.requireNonNull(atLimit, "atLimit");
        if (limit != null) {
            Options.positive("limit", limit);
        }
    }

    /** The defaults. */
    public static TaskOptions defaults() {
        return builder().build();
    }

    /**
     * A time limit, at which the function is interrupted.
     *
     * @param limit longest time from scheduling to the end
     * @throws IllegalArgumentException if it is not above zero
     */
    public static TaskOptions within(Duration limit) {
        return builder().limit(limit).build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.name = name;
        builder.limit = limit;
        builder.atLimit = atLimit;
        return builder;
    }

    /** Collects options; see the components of {@link TaskOptions}. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable Duration limit;
        private Cancel atLimit = Cancel.interrupt();

        private Builder() {}

        /**
         * Sets {@link TaskOptions#name}.
         *
         * @param name what the task is called in messages; none by default
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets {@link TaskOptions#limit}.
         *
         * @param limit longest time from scheduling to the end, above zero; none by default
         * @return this
         */
        public Builder limit(Duration limit) {
            this.limit = limit;
            return this;
        }

        /**
         * Sets {@link TaskOptions#atLimit}.
         *
         * @param atLimit how far stopping goes at the limit; {@link Cancel#interrupt()} by default
         * @return this
         */
        public Builder atLimit(Cancel atLimit) {
            this.atLimit = atLimit;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public TaskOptions build() {
            return new TaskOptions(name, limit, atLimit);
        }
    }
}
