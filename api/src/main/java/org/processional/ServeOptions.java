// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How this process serves clients ({@link Processional#serve}).
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param name what the server is called in messages and thread names; default {@code server}
 * @param secret what both ends must know, 1 to 1000 characters; null (the default) for none, or for the secret file at an address of a network
 * @param credits number of tasks of one client that can be pending at once, 1 to 65536; default 1024
 * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
 * @param code whether this process takes classes from its clients that it lacks; default true, or false with a filter, which cannot judge code of others, or with functions
 * @param filter pattern of the classes that are taken from the other end, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
 * @param functions what clients can call by name ({@link NamedCall}); if there are any, nothing else runs: functions of clients, their code and their wishes about names and the end of the process are refused; default none
 * @param limits how much of itself the process gives to its clients
 * @param endsWithLastClient whether the server ends, as by {@link Server#close}, when the last of its clients has left, unless one has asked it to {@linkplain SlaveProcess#persist() persist}; default false
 * @since 0.1
 */
public record ServeOptions(
        String name,
        @Nullable String secret,
        int credits,
        Duration closeLimit,
        boolean code,
        @Nullable String filter,
        Map<String, ServerFunction> functions,
        Limits limits,
        boolean endsWithLastClient) {
    /** Checks the values and takes copies. */
    public ServeOptions {
        Options.positive("closeLimit", closeLimit);
        Options.secret(secret);
        Options.filter(filter);
        Objects.requireNonNull(limits, "limits");
        functions = Map.copyOf(functions);
        if (code && !functions.isEmpty()) {
            throw new IllegalArgumentException("code is true, and there are functions " + functions.keySet()
                    + ", besides which nothing of clients runs; leave out one of the two");
        }
        if (credits < 1 || credits > 1 << 16) {
            throw new IllegalArgumentException("credits is " + credits + "; give 1 to " + (1 << 16));
        }
    }

    /** The options, without the secret. */
    @Override
    public String toString() {
        return "ServeOptions[name=" + name + ", credits=" + credits + ", closeLimit=" + closeLimit + ", code=" + code
                + ", filter=" + filter + ", functions="
                + functions.keySet() + ", limits=" + limits + ", endsWithLastClient=" + endsWithLastClient
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
        boolean isDefault = code == (filter == null && functions.isEmpty());
        builder.code = isDefault ? null : code;
        builder.filter = filter;
        builder.limits = limits;
        builder.functions.putAll(functions);
        builder.endsWithLastClient = endsWithLastClient;
        return builder;
    }

    /** Collects options; see the components of {@link ServeOptions}. */
    public static final class Builder {
        private String name = "server";
        private @Nullable String secret;
        private int credits = 1024;
        private Duration closeLimit = Duration.ofSeconds(10);
        private @Nullable Boolean code; // null: where there is neither filter nor function
        private @Nullable String filter;
        private Limits limits = Limits.defaults();
        private final Map<String, ServerFunction> functions = new HashMap<>();
        private boolean endsWithLastClient;

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
         * @param secret what both ends must know, 1 to 1000 characters; null (the default) for none, or for the secret file at an address of a network
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
         * @param code whether this process takes classes from its clients that it lacks; default true, or false with a filter, which cannot judge code of others, or with functions
         * @return this
         */
        public Builder code(boolean code) {
            this.code = code;
            return this;
        }

        /**
         * Sets {@link ServeOptions#filter}.
         *
         * @param filter pattern of the classes that are taken from the other end, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
         * @return this
         */
        public Builder filter(String filter) {
            this.filter = filter;
            return this;
        }

        /**
         * Adds one to {@link ServeOptions#functions}: clients call it with {@link NamedCall#of}.
         *
         * @param name its name; one that had it before is replaced
         * @param function what runs
         * @return this
         */
        public Builder function(String name, ServerFunction function) {
            functions.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(function, "function"));
            return this;
        }

        /**
         * Sets {@link ServeOptions#limits}.
         *
         * @param limits how much of itself the process gives to its clients
         * @return this
         */
        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /**
         * Sets {@link ServeOptions#endsWithLastClient}.
         *
         * @param endsWithLastClient whether the server ends, as by {@link Server#close}, when the last of its clients has left, unless one has asked it to {@linkplain SlaveProcess#persist() persist}; default false
         * @return this
         */
        public Builder endsWithLastClient(boolean endsWithLastClient) {
            this.endsWithLastClient = endsWithLastClient;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public ServeOptions build() {
            boolean takesCode = code == null ? filter == null && functions.isEmpty() : code;
            return new ServeOptions(
                    name, secret, credits, closeLimit, takesCode, filter, functions, limits, endsWithLastClient);
        }
    }
}
