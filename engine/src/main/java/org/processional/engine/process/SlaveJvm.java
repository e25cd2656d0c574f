// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.Output;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;
import org.processional.spi.Launcher;

/**
 * A JVM that this process started.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class SlaveJvm {
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"));

    private static final long LAST_WORDS_MILLIS = 200;

    private final Process process;
    private final String name;
    private final Path directory;
    private final SlaveOutput errors;
    private final long startNanos = System.nanoTime();

    private SlaveJvm(Process process, SlaveOptions options) {
        this.process = process;
        this.name = options.name();
        this.directory = options.directory() == null ? Path.of("") : options.directory();
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
        Process process;
        try {
            process = new LocalLauncher().launch(command);
        } catch (IOException e) {
            throw new SlaveStartException("cannot start " + command.line().get(0) + ": " + e.getMessage(), e);
        }
        SlaveJvm jvm;
        try {
            jvm = new SlaveJvm(process, options);
        } catch (RuntimeException | Error e) { // no more threads, for example
            process.destroyForcibly();
            throw e;
        }
        if (options.detach()) {
            // neither guarded nor forgotten: it was never known
        } else if (orders.server()) {
            Guard.server(process.pid());
            forgetAtExit(process);
        } else {
            Guard.slave(process.pid());
        }
        try {
            orders.write(process.getOutputStream());
        } catch (IOException e) { // it has died already, and the reason is in its output
            throw jvm.notStarted("it ended while it was given its orders", e);
        }
        return jvm;
    }

    /** A server ends when its last client leaves, which may be long after this process; its children go with it. */
    private static void forgetAtExit(Process server) {
        long pid = server.pid();
        java.util.concurrent.CompletableFuture<Process> unused =
                server.onExit().whenComplete((p, e) -> Guard.kill(pid));
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
        if (Guard.SETSID == null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        Guard.kill(pid());
    }

    /** Kills what the process left behind, after its end. */
    void clean() {
        Guard.kill(pid());
    }

    /** Lets the process live on. */
    void detach() {
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
        String message = name + " (process " + pid() + ") did not start: " + (exited ? exit() : what) + lastWords();
        kill();
        return cause == null ? new SlaveStartException(message) : new SlaveStartException(message, cause);
    }

    /** Why the process is gone; waits a little for its end. */
    Optional<SlaveDiedException> death() {
        try {
            if (!awaitExit(Duration.ofSeconds(2))) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        String words = errors.lastLines(LAST_WORDS_MILLIS);
        int code = process.exitValue();
        String signal = code > 128 ? SIGNALS.get(code - 128) : null;
        Path log = directory.resolve("hs_err_pid" + pid() + ".log").toAbsolutePath();
        String crashLog = Files.exists(log) ? log.toString() : null;
        String message = name + " (process " + pid() + ") died after "
                + Duration.ofNanos(System.nanoTime() - startNanos).toMillis() + " ms: " + exit()
                + (crashLog == null ? "" : "; crash log: " + crashLog) + lastWords();
        return Optional.of(new SlaveDiedException(message, pid(), code, signal, words, crashLog));
    }

    private String exit() {
        int code = process.exitValue();
        String signal = code > 128 ? SIGNALS.get(code - 128) : null;
        return signal == null ? "exit code " + code : "killed by " + signal + " (exit code " + code + ")";
    }

    private String lastWords() {
        String words = errors.lastLines(LAST_WORDS_MILLIS);
        return words.isEmpty() ? "; it printed no error" : "; its last error output:\n" + words;
    }
}
