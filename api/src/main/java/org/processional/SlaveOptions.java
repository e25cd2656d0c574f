// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;

/**
 * How a slave or server process is started ({@link Processional#slave}, {@link Processional#server}).
 *
 * <p><b>Threads:</b> immutable; a builder belongs to one thread.
 *
 * @param address where the process listens; null (the default) for a fresh address of the best transport
 * @param transport scheme of the transport to use, such as {@code shm}, {@code unix} or {@code tcp}; null (the default) for that of the address, else of the system property {@code processional.transport}, else the best one that works here
 * @param name what the process is called in messages and thread names; default {@code slave}
 * @param javaHome home of the JDK or JRE to run; null (the default) for that of this process
 * @param flags further flags of the JVM, behind those that are inherited; default none
 * @param heap largest heap, as in {@code -Xmx}: {@code 512m}, {@code 2g}; null (the default) for the default of the JVM
 * @param environment environment variables to add to those of this process; an empty value removes one
 * @param directory working directory; null (the default) for that of this process
 * @param classPath class path; null (the default) for that of this process
 * @param modulePath module path; null (the default) for that of this process, empty for none: it runs on its class path
 * @param initialClass binary name of a class to initialize on the main thread before the first task, and whose {@code main} method is called then if it has one; null (the default) for none
 * @param detach whether the process outlives its master; see {@link SlaveProcess#detach()}
 * @param persistent whether a server outlives its last client; see {@link SlaveProcess#persist()}
 * @param output where standard output and error output go; default {@link Output#INHERIT}
 * @param debug port at which a debugger can attach; the process waits for it, and whoever starts it too, whatever {@code startLimit} is; null (the default) for none
 * @param secret what clients of the process must know, 1 to 1000 characters; null (the default) for a random one for a slave, none for a server, and the secret file for a server at an address of a network
 * @param codec name of the codec, such as {@code river} or {@code serial}; null (the default) for the best one
 * @param credits number of tasks of one client that can be pending at once, 1 to 65536; default 1024
 * @param startLimit how long the process may take until it can be used; default 30 s
 * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
 * @param roomLimit how long {@code schedule} waits for room; default 30 s
 * @param code whether the process takes classes from its clients that it lacks; default true, or false with a filter, which cannot judge code of others
 * @param archive whether the process may start from an archive of class data that earlier ones of its kind have led to; default true
 * @param exitOnOutOfMemory whether the JVM ends as soon as it is out of memory; else only the task fails that met it; default false
 * @param heapDump file or folder in which the JVM writes its heap when it is out of memory for the first time; null (the default) for none
 * @param restart how often another process takes the place of a slave that died; see {@link Restart}; null (the default) for never
 * @param silenceLimit how long the process may say nothing while something is awaited of it; then it is killed. Silence is said of a process that gives no sign of life (stopped, at a breakpoint, in a long collection), never of one whose tasks take long. Null (the default) for as long as it likes: that it is silent is logged
 * @param reserve how many slaves of exactly these options are kept ready, 0 to 64; see {@link Processional#slave(SlaveOptions)}; default 0. For slaves alone
 * @param filter pattern of the classes that are taken at both ends, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
 * @param limits how much of itself the process gives to its clients
 * @param nice priority of the process on its processors as {@code nice} has it, from 0 to 19: the higher, the more it gives way; default 0
 * @param cgroup folder of the cgroup (version 2) in which the process starts, and with it all that it starts: what its {@code memory.max}, {@code cpu.max} and {@code pids.max} say holds for them together; null (the default) for that of this process
 * @param log lowest level of the records of a slave that come to the log of this process, over the connection and whatever {@code output} is; null (the default) for none: it logs for itself. For slaves alone
 * @param launcher name of the {@link org.processional.spi.Launcher} that starts the process; null (the default) for the one of the highest priority
 * @since 0.1
 */
public record SlaveOptions(
        @Nullable String address,
        @Nullable String transport,
        String name,
        @Nullable Path javaHome,
        List<String> flags,
        @Nullable String heap,
        Map<String, String> environment,
        @Nullable Path directory,
        @Nullable List<Path> classPath,
        @Nullable List<Path> modulePath,
        @Nullable String initialClass,
        boolean detach,
        boolean persistent,
        Output output,
        @Nullable Integer debug,
        @Nullable String secret,
        @Nullable String codec,
        int credits,
        Duration startLimit,
        Duration closeLimit,
        Duration roomLimit,
        boolean code,
        boolean archive,
        int reserve,
        @Nullable String filter,
        boolean exitOnOutOfMemory,
        @Nullable Path heapDump,
        @Nullable Restart restart,
        @Nullable Duration silenceLimit,
        Limits limits,
        int nice,
        @Nullable Path cgroup,
        System.Logger.@Nullable Level log,
        @Nullable String launcher) {
    /** Checks the values and takes copies. */
    public SlaveOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(output, "output");
        if (transport != null && address != null) {
            String scheme = Address.parse(address).scheme();
            if (!scheme.equals(transport)) {
                throw new IllegalArgumentException("transport is \"" + transport + "\", but the address " + address
                        + " is one of \"" + scheme + "\"; leave one of the two out");
            }
        }
        flags = List.copyOf(flags);
        environment = Map.copyOf(environment);
        classPath = classPath == null ? null : List.copyOf(classPath);
        modulePath = modulePath == null ? null : List.copyOf(modulePath);
        Options.positive("startLimit", startLimit);
        Options.positive("closeLimit", closeLimit);
        Options.positive("roomLimit", roomLimit);
        Options.secret(secret);
        Options.filter(filter);
        Objects.requireNonNull(limits, "limits");
        if (nice < 0 || nice > 19) {
            throw new IllegalArgumentException("nice is " + nice + "; give 0 to 19");
        }
        if (credits < 1 || credits > 1 << 16) {
            throw new IllegalArgumentException("credits is " + credits + "; give 1 to " + (1 << 16));
        }
        if (reserve < 0 || reserve > 64) {
            throw new IllegalArgumentException("reserve is " + reserve + "; give 0 to 64");
        }
        if (reserve > 0 && (address != null || debug != null || detach)) {
            throw new IllegalArgumentException("reserve is " + reserve + ", but several processes cannot have one"
                    + " address or debug port, and who is detached cannot wait for its master; leave out one of them");
        }
        if (restart != null && detach) {
            throw new IllegalArgumentException("restart is " + restart + ", but who is detached outlives the master who"
                    + " would restart it; leave out one of the two");
        }
        if (silenceLimit != null) {
            Options.positive("silenceLimit", silenceLimit);
        }
        if (debug != null && (debug < 1 || debug > 65535)) {
            throw new IllegalArgumentException("debug is " + debug + "; give a port, 1 to 65535");
        }
        if (heap != null && !heap.matches("[1-9][0-9]*[kKmMgGtT]?")) {
            throw new IllegalArgumentException("heap is \"" + heap + "\"; write for example 512m or 2g");
        }
    }

    /** What tells these options from others, without the secret. */
    @Override
    public String toString() {
        return "SlaveOptions[address=" + address + ", name=" + name + ", flags=" + flags + ", heap=" + heap
                + ", directory=" + directory + ", initialClass=" + initialClass + ", detach=" + detach + ", persistent="
                + persistent + ", output=" + output + ", codec=" + codec + ", credits=" + credits + ", startLimit="
                + startLimit + ", code=" + code + ", archive=" + archive + ", reserve=" + reserve + ", filter=" + filter
                + ", exitOnOutOfMemory=" + exitOnOutOfMemory + ", heapDump=" + heapDump + ", restart=" + restart
                + ", silenceLimit=" + silenceLimit + ", limits=" + limits + ", nice=" + nice + ", cgroup=" + cgroup
                + ", log=" + log + ", launcher=" + launcher
                + (secret == null ? "]" : ", secret=...]");
    }

    /** The defaults. */
    public static SlaveOptions defaults() {
        return builder().build();
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.address = address;
        builder.transport = transport;
        builder.name = name;
        builder.javaHome = javaHome;
        builder.flags = flags;
        builder.heap = heap;
        builder.environment = environment;
        builder.directory = directory;
        builder.classPath = classPath;
        builder.modulePath = modulePath;
        builder.initialClass = initialClass;
        builder.detach = detach;
        builder.persistent = persistent;
        builder.output = output;
        builder.debug = debug;
        builder.secret = secret;
        builder.codec = codec;
        builder.credits = credits;
        builder.startLimit = startLimit;
        builder.closeLimit = closeLimit;
        builder.roomLimit = roomLimit;
        builder.code = code == (filter == null) ? null : code; // the default of either stays one
        builder.archive = archive;
        builder.reserve = reserve;
        builder.filter = filter;
        builder.exitOnOutOfMemory = exitOnOutOfMemory;
        builder.heapDump = heapDump;
        builder.restart = restart;
        builder.silenceLimit = silenceLimit;
        builder.limits = limits;
        builder.nice = nice;
        builder.cgroup = cgroup;
        builder.log = log;
        builder.launcher = launcher;
        return builder;
    }

    /** Collects options; see the components of {@link SlaveOptions}. */
    public static final class Builder {
        private @Nullable String address;
        private @Nullable String transport;
        private String name = "slave";
        private @Nullable Path javaHome;
        private List<String> flags = List.of();
        private @Nullable String heap;
        private Map<String, String> environment = Map.of();
        private @Nullable Path directory;
        private @Nullable List<Path> classPath;
        private @Nullable List<Path> modulePath;
        private @Nullable String initialClass;
        private boolean detach = false;
        private boolean persistent = false;
        private Output output = Output.INHERIT;
        private @Nullable Integer debug;
        private @Nullable String secret;
        private @Nullable String codec;
        private int credits = 1024;
        private Duration startLimit = Duration.ofSeconds(30);
        private Duration closeLimit = Duration.ofSeconds(10);
        private Duration roomLimit = Duration.ofSeconds(30);
        private @Nullable Boolean code; // null: where there is no filter
        private boolean archive = true;
        private int reserve = 0;
        private @Nullable String filter;
        private boolean exitOnOutOfMemory = false;
        private @Nullable Path heapDump;
        private @Nullable Restart restart;
        private @Nullable Duration silenceLimit;
        private Limits limits = Limits.defaults();
        private int nice = 0;
        private @Nullable Path cgroup;
        private System.Logger.@Nullable Level log;
        private @Nullable String launcher;

        private Builder() {}

        /**
         * Sets {@link SlaveOptions#address}.
         *
         * @param address where the process listens; null (the default) for a fresh address of the best transport
         * @return this
         */
        public Builder address(String address) {
            this.address = address;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#transport}.
         *
         * @param transport scheme of the transport to use, such as {@code shm}, {@code unix} or {@code tcp}; null (the default) for that of the address, else of the system property {@code processional.transport}, else the best one that works here
         * @return this
         */
        public Builder transport(String transport) {
            this.transport = transport;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#name}.
         *
         * @param name what the process is called in messages and thread names; default {@code slave}
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#javaHome}.
         *
         * @param javaHome home of the JDK or JRE to run; null (the default) for that of this process
         * @return this
         */
        public Builder javaHome(Path javaHome) {
            this.javaHome = javaHome;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#flags}.
         *
         * @param flags further flags of the JVM, behind those that are inherited; default none
         * @return this
         */
        public Builder flags(String... flags) {
            this.flags = List.of(flags);
            return this;
        }

        /** Sets {@link SlaveOptions#flags} to the elements of a list. */
        public Builder flags(List<String> flags) {
            this.flags = List.copyOf(flags);
            return this;
        }

        /**
         * Sets {@link SlaveOptions#heap}.
         *
         * @param heap largest heap, as in {@code -Xmx}: {@code 512m}, {@code 2g}; null (the default) for the default of the JVM
         * @return this
         */
        public Builder heap(String heap) {
            this.heap = heap;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#environment}.
         *
         * @param environment environment variables to add to those of this process; an empty value removes one
         * @return this
         */
        public Builder environment(Map<String, String> environment) {
            this.environment = Map.copyOf(environment);
            return this;
        }

        /**
         * Sets {@link SlaveOptions#directory}.
         *
         * @param directory working directory; null (the default) for that of this process
         * @return this
         */
        public Builder directory(Path directory) {
            this.directory = directory;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#classPath}.
         *
         * @param classPath class path; null (the default) for that of this process
         * @return this
         */
        public Builder classPath(Path... classPath) {
            this.classPath = List.of(classPath);
            return this;
        }

        /** Sets {@link SlaveOptions#classPath} to the elements of a list. */
        public Builder classPath(List<Path> classPath) {
            this.classPath = List.copyOf(classPath);
            return this;
        }

        /**
         * Sets {@link SlaveOptions#modulePath}.
         *
         * @param modulePath module path; null (the default) for that of this process, empty for none: it runs on its class path
         * @return this
         */
        public Builder modulePath(Path... modulePath) {
            this.modulePath = List.of(modulePath);
            return this;
        }

        /** Sets {@link SlaveOptions#modulePath} to the elements of a list. */
        public Builder modulePath(List<Path> modulePath) {
            this.modulePath = List.copyOf(modulePath);
            return this;
        }

        /**
         * Sets {@link SlaveOptions#initialClass}.
         *
         * @param initialClass binary name of a class to initialize on the main thread before the first task, and whose {@code main} method is called then if it has one; null (the default) for none
         * @return this
         */
        public Builder initialClass(String initialClass) {
            this.initialClass = initialClass;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#detach}.
         *
         * @param detach whether the process outlives its master; see {@link SlaveProcess#detach()}
         * @return this
         */
        public Builder detach(boolean detach) {
            this.detach = detach;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#persistent}.
         *
         * @param persistent whether a server outlives its last client; see {@link SlaveProcess#persist()}
         * @return this
         */
        public Builder persistent(boolean persistent) {
            this.persistent = persistent;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#output}.
         *
         * @param output where standard output and error output go; default {@link Output#INHERIT}
         * @return this
         */
        public Builder output(Output output) {
            this.output = output;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#debug}.
         *
         * @param debug port at which a debugger can attach; the process waits for it, and whoever starts it too, whatever {@code startLimit} is; null (the default) for none
         * @return this
         */
        public Builder debug(int debug) {
            this.debug = debug;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#secret}.
         *
         * @param secret what clients of the process must know, 1 to 1000 characters; null (the default) for a random one for a slave, none for a server, and the secret file for a server at an address of a network
         * @return this
         */
        public Builder secret(String secret) {
            this.secret = secret;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#codec}.
         *
         * @param codec name of the codec, such as {@code river} or {@code serial}; null (the default) for the best one
         * @return this
         */
        public Builder codec(String codec) {
            this.codec = codec;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#credits}.
         *
         * @param credits number of tasks of one client that can be pending at once, 1 to 65536; default 1024
         * @return this
         */
        public Builder credits(int credits) {
            this.credits = credits;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#startLimit}.
         *
         * @param startLimit how long the process may take until it can be used; default 30 s
         * @return this
         */
        public Builder startLimit(Duration startLimit) {
            this.startLimit = startLimit;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#closeLimit}.
         *
         * @param closeLimit how long {@code close} lets scheduled tasks finish; default 10 s
         * @return this
         */
        public Builder closeLimit(Duration closeLimit) {
            this.closeLimit = closeLimit;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#roomLimit}.
         *
         * @param roomLimit how long {@code schedule} waits for room; default 30 s
         * @return this
         */
        public Builder roomLimit(Duration roomLimit) {
            this.roomLimit = roomLimit;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#code}.
         *
         * @param code whether the process takes classes from its clients that it lacks; default true, or false with a filter, which cannot judge code of others
         * @return this
         */
        public Builder code(boolean code) {
            this.code = code;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#archive}.
         *
         * @param archive whether the process may start from an archive of class data that earlier ones of its kind have led to; default true
         * @return this
         */
        public Builder archive(boolean archive) {
            this.archive = archive;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#reserve}.
         *
         * @param reserve how many slaves of exactly these options are kept ready, 0 to 64; see {@link Processional#slave(SlaveOptions)}; default 0. For slaves alone
         * @return this
         */
        public Builder reserve(int reserve) {
            this.reserve = reserve;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#filter}.
         *
         * @param filter pattern of the classes that are taken at both ends, in the syntax of {@link java.io.ObjectInputFilter.Config#createFilter}, such as {@code org.example.**;java.base/*;!*}; null (the default) for all but those that are known to be dangerous
         * @return this
         */
        public Builder filter(String filter) {
            this.filter = filter;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#exitOnOutOfMemory}.
         *
         * @param exitOnOutOfMemory whether the JVM ends as soon as it is out of memory; else only the task fails that met it; default false
         * @return this
         */
        public Builder exitOnOutOfMemory(boolean exitOnOutOfMemory) {
            this.exitOnOutOfMemory = exitOnOutOfMemory;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#heapDump}.
         *
         * @param heapDump file or folder in which the JVM writes its heap when it is out of memory for the first time; null (the default) for none
         * @return this
         */
        public Builder heapDump(Path heapDump) {
            this.heapDump = heapDump;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#restart}.
         *
         * @param restart how often another process takes the place of a slave that died; null (the default) for never
         * @return this
         */
        public Builder restart(Restart restart) {
            this.restart = restart;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#silenceLimit}.
         *
         * @param silenceLimit how long the process may say nothing while something is awaited of it; then it is killed; null (the default) for as long as it likes
         * @return this
         */
        public Builder silenceLimit(Duration silenceLimit) {
            this.silenceLimit = silenceLimit;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#limits}.
         *
         * @param limits how much of itself the process gives to its clients
         * @return this
         */
        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#nice}.
         *
         * @param nice priority of the process on its processors as {@code nice} has it, from 0 to 19: the higher, the more it gives way; default 0
         * @return this
         */
        public Builder nice(int nice) {
            this.nice = nice;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#cgroup}.
         *
         * @param cgroup folder of the cgroup (version 2) in which the process starts, and with it all that it starts: what its {@code memory.max}, {@code cpu.max} and {@code pids.max} say holds for them together; null (the default) for that of this process
         * @return this
         */
        public Builder cgroup(Path cgroup) {
            this.cgroup = cgroup;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#log}.
         *
         * @param log lowest level of the records of a slave that come to the log of this process, over the connection and whatever {@code output} is; null (the default) for none: it logs for itself. For slaves alone
         * @return this
         */
        public Builder log(System.Logger.Level log) {
            this.log = log;
            return this;
        }

        /**
         * Sets {@link SlaveOptions#launcher}.
         *
         * @param launcher name of the {@link org.processional.spi.Launcher} that starts the process; null (the default) for the one of the highest priority
         * @return this
         */
        public Builder launcher(String launcher) {
            this.launcher = launcher;
            return this;
        }

        /**
         * Makes the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public SlaveOptions build() {
            return new SlaveOptions(
                    address,
                    transport,
                    name,
                    javaHome,
                    flags,
                    heap,
                    environment,
                    directory,
                    classPath,
                    modulePath,
                    initialClass,
                    detach,
                    persistent,
                    output,
                    debug,
                    secret,
                    codec,
                    credits,
                    startLimit,
                    closeLimit,
                    roomLimit,
                    code == null ? filter == null : code,
                    archive,
                    reserve,
                    filter,
                    exitOnOutOfMemory,
                    heapDump,
                    restart,
                    silenceLimit,
                    limits,
                    nice,
                    cgroup,
                    log,
                    launcher);
        }
    }
}
