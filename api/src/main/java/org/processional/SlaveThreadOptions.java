// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SlaveThread} works.
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param name name of the thread; null (the default) for a numbered one
 * @param detach whether the thread keeps the JVM alive until it is closed; false by default
 * @param capacity number of tasks that can be queued, a power of two, 2 to 2^20; each takes some 70 bytes; default 1024
 * @param waiting how the slave and its callers wait; default {@link Waiting#SPIN_THEN_PARK}
 * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
 * @param roomLimit how long {@code schedule} waits for room; default 30 s
 * @since 0.1
 */
public record SlaveThreadOptions(
        @Nullable String name, boolean detach, int capacity, Waiting waiting, Duration closeLimit, Duration roomLimit) {
    /** Checks the values and takes copies. */
    public SlaveThreadOptions {
        Options.positive("closeLimit", closeLimit);
        Options.positive("roomLimit", roomLimit);
        if (Integer.bitCount(capacity) != 1 || capacity < 2 || capacity > 1 << 20) {
            throw new IllegalArgumentException(
                    "capacity is " + capacity + "; give a power of two from 2 to " + (1 << 20));
        }
    }

    /** The defaults. */
    public static SlaveThreadOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.name = name;
        builder.detach = detach;
        builder.capacity = capacity;
        builder.waiting = waiting;
        builder.closeLimit = closeLimit;
        builder.roomLimit = roomLimit;
        return builder;
    }

    /** Collects options; see the components of {@link SlaveThreadOptions}. */
    public static final class Builder {
        private @Nullable String name;
        private boolean detach = false;
        private int capacity = 1024;
        private Waiting waiting = Waiting.SPIN_THEN_PARK;
        private Duration closeLimit = Duration.ofSeconds(10);
        private Duration roomLimit = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * Sets {@link SlaveThreadOptions#name}.
         *
         * @param name name of the thread; null (the default) for a numbered one
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets {@link SlaveThreadOptions#detach}.
         *
         * @param detach whether the thread keeps the JVM alive until it is closed; false by default
         * @return this
         */
        public Builder detach(boolean detach) {
            this.detach = detach;
            return this;
        }

        /**
         * Sets {@link SlaveThreadOptions#capacity}.
         *
         * @param capacity number of tasks that can be queued, a power of two, 2 to 2^20; each takes some 70 bytes; default 1024
         * @return this
         */
        public Builder capacity(int capacity) {
            this.capacity = capacity;
            return this;
        }

        /**
         * Sets {@link SlaveThreadOptions#waiting}.
         *
         * @param waiting how the slave and its callers wait; default {@link Waiting#SPIN_THEN_PARK}
         * @return this
         */
        public Builder waiting(Waiting waiting) {
            this.waiting = waiting;
            return this;
        }

        /**
         * Sets {@link SlaveThreadOptions#closeLimit}.
         *
         * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
         * @return this
         */
        public Builder closeLimit(Duration closeLimit) {
            this.closeLimit = closeLimit;
            return this;
        }

        /**
         * Sets {@link SlaveThreadOptions#roomLimit}.
         *
         * @param roomLimit how long {@code schedule} waits for room; default 30 s
         * @return this
         */
        public Builder roomLimit(Duration roomLimit) {
            this.roomLimit = roomLimit;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public SlaveThreadOptions build() {
            return new SlaveThreadOptions(name, detach, capacity, waiting, closeLimit, roomLimit);
        }
    }
}
