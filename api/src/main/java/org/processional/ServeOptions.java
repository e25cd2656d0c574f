// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this process serves clients ({@link Processional#serve}).
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param name what the server is called in messages and thread names; default {@code server}
 * @param secret what both ends must know, at most 1000 characters; null (the default) for none, or for the secret file at an address of a network
 * @param credits number of tasks of one client that can be pending at once, 1 to 65536; default 1024
 * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
 * @param code whether this process takes classes from its clients that it lacks; default true
 */
public record ServeOptions(String name, @Nullable String secret, int credits, Duration closeLimit, boolean code) {
    /** Checks the values and takes copies. */
    public ServeOptions {
        Options.positive("closeLimit", closeLimit);
        if (credits < 1 || credits > 1 << 16) {
            throw new IllegalArgumentException("credits is " + credits + "; give 1 to " + (1 << 16));
        }
    }

    /** The options, without the secret. */
    @Override
    public String toString() {
        return "ServeOptions[name=" + name + ", credits=" + credits + ", closeLimit=" + closeLimit + ", code=" + code
                + (secret == null ? "]" : ", secret=...]");
    }

    /** The defaults. */
    public static ServeOptions defaults() {
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
        builder.secret = secret;
        builder.credits = credits;
        builder.closeLimit = closeLimit;
        builder.code = code;
        return builder;
    }

    /** Collects options; see the components of {@link ServeOptions}. */
    public static final class Builder {
        private String name = "server";
        private @Nullable String secret;
        private int credits = 1024;
        private Duration closeLimit = Duration.ofSeconds(10);
        private boolean code = true;

        private Builder() {}

        /**
         * Sets {@link ServeOptions#name}.
         *
         * @param name what the server is called in messages and thread names; default {@code server}
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets {@link ServeOptions#secret}.
         *
         * @param secret what both ends must know, at most 1000 characters; null (the default) for none, or for the secret file at an address of a network
         * @return this
         */
        public Builder secret(String secret) {
            this.secret = secret;
            return this;
        }

        /**
         * Sets {@link ServeOptions#credits}.
         *
         * @param credits number of tasks of one client that can be pending at once, 1 to 65536; default 1024
         * @return this
         */
        public Builder credits(int credits) {
            this.credits = credits;
            return this;
        }

        /**
         * Sets {@link ServeOptions#closeLimit}.
         *
         * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
         * @return this
         */
        public Builder closeLimit(Duration closeLimit) {
            this.closeLimit = closeLimit;
            return this;
        }

        /**
         * Sets {@link ServeOptions#code}.
         *
         * @param code whether this process takes classes from its clients that it lacks; default true
         * @return this
         */
        public Builder code(boolean code) {
            this.code = code;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public ServeOptions build() {
            return new ServeOptions(name, secret, credits, closeLimit, code);
        }
    }
}
