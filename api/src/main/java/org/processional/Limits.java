// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;

/**
 * How much of itself a process gives to others. What would go beyond fails with an error that names the limit; everything
 * else goes on. {@code docs/limits.md} has all limits, those of other options too.
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param connections clients that are connected at once, from 1; default 4096
 * @param exports objects of the process that one connection holds at once, and names that it has made, each from 1;
 *     default 4194304
 * @param threads functions that run in threads of their own at once ({@link SlaveProcess#thread(Call)}), from 1; default 8192
 * @param shippedBytes bytes of classes and resources that one client brings, from 0; default 1 GiB
 * @param greeting how long one who connects may take until it has greeted; default 10 s
 * @since 0.1
 */
public record Limits(int connections, int exports, int threads, long shippedBytes, Duration greeting) {
    /** Checks the values. */
    public Limits {
        atLeast(1, "connections", connections);
        atLeast(1, "exports", exports);
        atLeast(1, "threads", threads);
        atLeast(0, "shippedBytes", shippedBytes);
        Options.positive("greeting", greeting);
    }

    private static void atLeast(long least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; give " + least + " or more");
        }
    }

    /** The defaults. */
    public static Limits defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these limits. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.connections = connections;
        builder.exports = exports;
        builder.threads = threads;
        builder.shippedBytes = shippedBytes;
        builder.greeting = greeting;
        return builder;
    }

    /** Collects limits; see the components of {@link Limits}. */
    public static final class Builder {
        private int connections = 4096;
        private int exports = 1 << 22;
        private int threads = 8192;
        private long shippedBytes = 1L << 30;
        private Duration greeting = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Sets {@link Limits#connections}.
         *
         * @param connections clients that are connected at once, from 1; default 4096
         * @return this
         */
        public Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        /**
         * Sets {@link Limits#exports}.
         *
         * @param exports objects of the process that one connection holds at once, from 1; default 4194304
         * @return this
         */
        public Builder exports(int exports) {
            this.exports = exports;
            return this;
        }

        /**
         * Sets {@link Limits#threads}.
         *
         * @param threads functions that run in threads of their own at once ({@link SlaveProcess#thread(Call)}), from 1; default 8192
         * @return this
         */
        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /**
         * Sets {@link Limits#shippedBytes}.
         *
         * @param shippedBytes bytes of classes and resources that one client brings, from 0; default 1 GiB
         * @return this
         */
        public Builder shippedBytes(long shippedBytes) {
            this.shippedBytes = shippedBytes;
            return this;
        }

        /**
         * Sets {@link Limits#greeting}.
         *
         * @param greeting how long one who connects may take until it has greeted; default 10 s
         * @return this
         */
        public Builder greeting(Duration greeting) {
            this.greeting = greeting;
            return this;
        }

        /**
         * Makes the limits.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public Limits build() {
            return new Limits(connections, exports, threads, shippedBytes, greeting);
        }
    }
}
