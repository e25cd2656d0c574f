// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.Output;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;
import org.processional.engine.peer.Farewell;
import org.processional.engine.task.Timers;
import org.processional.spi.Launcher;

/**
 * A JVM that this process started.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class SlaveJvm {
    private static final long LAST_WORDS_MILLIS = 200;
    private static final int PIPE_BYTES = 4096; // any pipe takes so many before anybody reads

    private final Process process;
    private final String name;
    private final SlaveOutput errors;
    private final LeftFiles files;
    private final boolean exitsOnOutOfMemory;
    private final OomKills oomKills;
    private final long startNanos = System.nanoTime();
    private volatile @Nullable String killed; // why this process killed it; written by the first who does
    private volatile boolean detached; // what it started is its own business; written by detach
    private final AtomicBoolean swept = new AtomicBoolean(); // by whoever sees the end first

    private SlaveJvm(Process process, SlaveOptions options, Launcher.Command command, FileTime before) {
        this.process = process;
        this.name = options.name();
        this.oomKills = OomKills.of(options.cgroup());
        List<String> flags = LeftFiles.flags(command.line(), command.environment());
        this.exitsOnOutOfMemory = flags.contains(JvmCommand.EXIT_ON_OUT_OF_MEMORY);
        Path directory = options.directory() == null ? Path.of("") : options.directory();
        this.files = new LeftFiles(flags, directory.toAbsolutePath(), process.pid(), before);
        String prefix = name + " " + process.pid();
        this.errors = new SlaveOutput(
                process.getErrorStream(), System.err, options.output(), prefix, "processional-stderr-" + process.pid());
        if (options.output() != Output.INHERIT) {
            new SlaveOutput(
                    process.getInputStream(),
                    OutputStream.nullOutputStream(),
                    options.output(),
                    prefix,
                    "processional-stdout-" + process.pid());
        }
    }

    /**
     * Starts a JVM and gives it its orders.
     *
     * @throws SlaveStartException if the system cannot start it
     */
    static SlaveJvm start(SlaveOptions options, StartOrders orders, Launcher.Command command) {
        FileTime before = FileTime.from(Instant.now().truncatedTo(ChronoUnit.SECONDS)); // files may be as coarse
        Process process = launch(options, command);
        try {
            SlaveJvm jvm = new SlaveJvm(process, options, command, before);
            jvm.detached = options.detach();
            if (!jvm.detached) {
                jvm.guard(orders.server());
            }
            try {
                jvm.tell(orders);
            } catch (IOException e) { // it has died already, and the reason is in its output
                throw jvm.notStarted("it ended while it was given its orders", e);
            }
            return jvm;
        } catch (RuntimeException | Error e) { // no more threads, for example
            process.destroyForcibly();
            throw e;
        }
    }

    private static Process launch(SlaveOptions options, Launcher.Command command) {
        Launcher launcher = Services.launcher(options.launcher());
        try {
            ArgumentFile arguments = ArgumentFile.of(Confinement.of(options), command.line());
            try {
                return launcher.launch(new Launcher.Command(
                        arguments.line(), command.environment(), command.directory(), command.inheritOutput()));
            } catch (IOException | RuntimeException | Error e) {
                arguments.delete();
                throw e;
            }
        } catch (IOException e) {
            throw new SlaveStartException("cannot start " + command.line().get(0) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Has what the process starts killed: when this process ends, and at once when the process itself has ended, whoever may
     * still have a handle on it. Later its number may be another's.
     */
    private void guard(boolean server) {
        if (server) {
            Guard.server(pid());
        } else {
            Guard.slave(pid());
        }
        CompletableFuture<Process> unused = process.onExit().whenComplete((ended, error) -> sweep());
    }

    /** Kills what the process has left behind when it has ended, once. */
    void sweep() {
        if (!detached && swept.compareAndSet(false, true)) {
            Guard.kill(pid());
        }
    }

    /** Gives it its orders. If they are long, a pipe takes them only as they are read, and who does not read is killed. */
    private void tell(StartOrders orders) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        orders.write(bytes);
        Future<?> end = bytes.size() <= PIPE_BYTES
                ? null
                : Timers.after(
                        TimeUnit.MILLISECONDS.toNanos(orders.startMillis()),
                        () -> kill("it did not read its orders within its startLimit"));
        try {
            OutputStream pipe = process.getOutputStream();
            bytes.writeTo(pipe);
            pipe.flush();
        } finally {
            if (end != null) {
                end.cancel(false);
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Optional<Integer> exitCode() {
        return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Waits for the end of the process. */
    boolean awaitExit(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Kills the process and everything it started. */
    void kill() {
        kill("nobody needs it any more");
    }

    /**
     * Kills the process and everything it started.
     *
     * @param why what the tasks of the process shall learn; the first reason counts
     */
    void kill(String why) {
        if (!process.isAlive()) {
            sweep(); // no more: its number may be another's by now
            return;
        }
        if (killed == null) {
            killed = why;
        }
        if (Guard.SETSID == null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        Guard.kill(pid());
    }

    /** Lets the process live on. */
    void detach() {
        detached = true;
        Guard.forget(pid());
    }

    /** Ends the standard input of the process: there is no master any more. */
    void closePipe() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            return; // the other end is gone
        }
    }

    /** Why the process was never ready. */
    SlaveStartException notStarted(String what, @Nullable Throwable cause) {
        boolean exited = false;
        try {
            exited = process.waitFor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String message = describe() + " did not start: " + (exited ? DeathReport.exit(process.exitValue()) : what)
                + DeathReport.words(errors.lastLines(LAST_WORDS_MILLIS));
        kill();
        return cause == null ? new SlaveStartException(message) : new SlaveStartException(message, cause);
    }

    /**
     * Why the process is gone.
     *
     * @param wait how long to wait for its end
     * @param running what it ran
     * @param farewell what it said at its end; null for nothing
     * @param whatFollows what the message shall say of what comes next; empty for nothing
     */
    Optional<SlaveDiedException> death(
            Duration wait, List<String> running, @Nullable Farewell farewell, String whatFollows) {
        try {
            if (!awaitExit(wait)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        sweep();
        Duration uptime = Duration.ofNanos(System.nanoTime() - startNanos);
        DeathReport report = new DeathReport(
                describe(),
                pid(),
                process.exitValue(),
                uptime,
                killed,
                oomKills,
                files,
                exitsOnOutOfMemory,
                errors.lastLines(LAST_WORDS_MILLIS),
                farewell,
                running);
        return Optional.of(report.exception(whatFollows));
    }

    private String describe() {
        return name + " (process " + pid() + ")";
    }
}
