// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Processional#client} connects to a server.
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param connectLimit how long to wait for the server to appear; default 10 s
 * @param secret what both ends must know, 1 to 1000 characters; null (the default) for none, or for the secret file at an address of a network
 * @param codec name of the codec, such as {@code river} or {@code serial}; null (the default) for the best one
 * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
 * @param roomLimit how long {@code schedule} waits for room; default 30 s
 * @param code whether the server gets the classes of functions that it lacks; default true
 * @param filter pattern of the classes that are taken from the other end, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
 * @param silenceLimit how long the server may say nothing while something is awaited of it; then the connection is ended. Silence is said of a process that gives no sign of life (stopped, at a breakpoint, in a long collection), never of one whose tasks take long. Null (the default) for as long as it likes: that it is silent is logged
 * @param visitor whether it only looks, as {@code processional status} does: it is no client, so that its coming does not begin and its leaving does not end the life of a server; default false
 * @since 0.1
 */
public record ClientOptions(
        Duration connectLimit,
        @Nullable String secret,
        @Nullable String codec,
        Duration closeLimit,
        Duration roomLimit,
        boolean code,
        @Nullable String filter,
        @Nullable Duration silenceLimit,
        boolean visitor) {
    /** Checks the values and takes copies. */
    public ClientOptions {
        Options.positive("connectLimit", connectLimit);
        Options.positive("closeLimit", closeLimit);
        Options.positive("roomLimit", roomLimit);
        Options.secret(secret);
        Options.filter(filter);
        if (silenceLimit != null) {
            Options.positive("silenceLimit", silenceLimit);
        }
    }

    /** The options, without the secret. */
    @Override
    public String toString() {
        return "ClientOptions[connectLimit=" + connectLimit + ", codec=" + codec + ", closeLimit=" + closeLimit
                + ", roomLimit=" + roomLimit + ", code=" + code + ", filter=" + filter + ", silenceLimit="
                + silenceLimit
                + ", visitor=" + visitor
                + (secret == null ? "]" : ", secret=...]");
    }

    /** The defaults. */
    public static ClientOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.connectLimit = connectLimit;
        builder.secret = secret;
        builder.codec = codec;
        builder.closeLimit = closeLimit;
        builder.roomLimit = roomLimit;
        builder.code = code;
        builder.filter = filter;
        builder.silenceLimit = silenceLimit;
        builder.visitor = visitor;
        return builder;
    }

    /** Collects options; see the components of {@link ClientOptions}. */
    public static final class Builder {
        private Duration connectLimit = Duration.ofSeconds(10);
        private @Nullable String secret;
        private @Nullable String codec;
        private Duration closeLimit = Duration.ofSeconds(10);
        private Duration roomLimit = Duration.ofSeconds(30);
        private boolean code = true;
        private @Nullable String filter;
        private @Nullable Duration silenceLimit;
        private boolean visitor;

        private Builder() {}

        /**
         * Sets {@link ClientOptions#connectLimit}.
         *
         * @param connectLimit how long to wait for the server to appear; default 10 s
         * @return this
         */
        public Builder connectLimit(Duration connectLimit) {
            this.connectLimit = connectLimit;
            return this;
        }

        /**
         * Sets {@link ClientOptions#secret}.
         *
         * @param secret what both ends must know, 1 to 1000 characters; null (the default) for none, or for the secret file at an address of a network
         * @return this
         */
        public Builder secret(String secret) {
            this.secret = secret;
            return this;
        }

        /**
         * Sets {@link ClientOptions#codec}.
         *
         * @param codec name of the codec, such as {@code river} or {@code serial}; null (the default) for the best one
         * @return this
         */
        public Builder codec(String codec) {
            this.codec = codec;
            return this;
        }

        /**
         * Sets {@link ClientOptions#closeLimit}.
         *
         * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
         * @return this
         */
        public Builder closeLimit(Duration closeLimit) {
            this.closeLimit = closeLimit;
            return this;
        }

        /**
         * Sets {@link ClientOptions#roomLimit}.
         *
         * @param roomLimit how long {@code schedule} waits for room; default 30 s
         * @return this
         */
        public Builder roomLimit(Duration roomLimit) {
            this.roomLimit = roomLimit;
            return this;
        }

        /**
         * Sets {@link ClientOptions#code}.
         *
         * @param code whether the server gets the classes of functions that it lacks; default true
         * @return this
         */
        public Builder code(boolean code) {
            this.code = code;
            return this;
        }

        /**
         * Sets {@link ClientOptions#filter}.
         *
         * @param filter pattern of the classes that are taken from the other end, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
         * @return this
         */
        public Builder filter(String filter) {
            this.filter = filter;
            return this;
        }

        /**
         * Sets {@link ClientOptions#silenceLimit}.
         *
         * @param silenceLimit how long the server may say nothing while something is awaited of it; then the connection is ended; null (the default) for as long as it likes
         * @return this
         */
        public Builder silenceLimit(Duration silenceLimit) {
            this.silenceLimit = silenceLimit;
            return this;
        }

        /**
         * Sets {@link ClientOptions#visitor}.
         *
         * @param visitor whether it only looks, and is no client; default false
         * @return this
         */
        public Builder visitor(boolean visitor) {
            this.visitor = visitor;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public ClientOptions build() {
            return new ClientOptions(
                    connectLimit, secret, codec, closeLimit, roomLimit, code, filter, silenceLimit, visitor);
        }
    }
}
