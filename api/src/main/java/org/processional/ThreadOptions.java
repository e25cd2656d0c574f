// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * How {@link Processional#thread} runs a function.
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param name name of the thread; null (the default) for a numbered one
 * @param detach whether the thread keeps the JVM alive; false by default, it ends with the program then
 * @param virtual whether to use a virtual thread, on JDK 21 and later; false by default
 * @param task time limit and name of the task; null (the default) for none
 * @since 0.1
 */
public record ThreadOptions(
        @Nullable String name,
        boolean detach,
        boolean virtual,
        @Nullable TaskOptions task) {
    /** Checks the values and takes copies. */
    public ThreadOptions {}

    /** The defaults. */
    public static ThreadOptions defaults() {
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
        builder.virtual = virtual;
        builder.task = task;
        return builder;
    }

    /** Collects options; see the components of {@link ThreadOptions}. */
    public static final class Builder {
        private @Nullable String name;
        private boolean detach = false;
        private boolean virtual = false;
        private @Nullable TaskOptions task;

        private Builder() {}

        /**
         * Sets {@link ThreadOptions#name}.
         *
         * @param name name of the thread; null (the default) for a numbered one
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets {@link ThreadOptions#detach}.
         *
         * @param detach whether the thread keeps the JVM alive; false by default, it ends with the program then
         * @return this
         */
        public Builder detach(boolean detach) {
            this.detach = detach;
            return this;
        }

        /**
         * Sets {@link ThreadOptions#virtual}.
         *
         * @param virtual whether to use a virtual thread, on JDK 21 and later; false by default
         * @return this
         */
        public Builder virtual(boolean virtual) {
            this.virtual = virtual;
            return this;
        }

        /**
         * Sets {@link ThreadOptions#task}.
         *
         * @param task time limit and name of the task; none by default
         * @return this
         */
        public Builder task(TaskOptions task) {
            this.task = task;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public ThreadOptions build() {
            return new ThreadOptions(name, detach, virtual, task);
        }
    }
}
