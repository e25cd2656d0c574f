// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveDeath;
import org.processional.SlaveDeath.Reason;
import org.processional.SlaveDiedException;
import org.processional.engine.peer.Farewell;

/**
 * Finds out why a JVM has ended, and says it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param who name and process id, for messages
 * @param pid the process id
 * @param code its exit code
 * @param uptime how long it lived
 * @param killed why this process killed it; null if it did not
 * @param oomKills the count of such kills when it started
 * @param files what it may have left
 * @param exitsOnOutOfMemory whether its flags end it when it is out of memory
 * @param errorOutput the last lines of its error output
 * @param farewell what it said at its end; null for nothing
 * @param running what it ran
 */
record DeathReport(
        String who,
        long pid,
        int code,
        Duration uptime,
        @Nullable String killed,
        OomKills oomKills,
        LeftFiles files,
        boolean exitsOnOutOfMemory,
        String errorOutput,
        @Nullable Farewell farewell,
        List<String> running) {
    private static final int FIRST_SIGNAL = 128;
    private static final String SIGKILL = "SIGKILL";

    /** The exit code of a JVM that ends by {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY_CODE = 3;

    private static final Set<String> FAULTS =
            Set.of("SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS");

    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, SIGKILL),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    /** The signal in an exit code; null if there is none. */
    static @Nullable String signal(int code) {
        return code > FIRST_SIGNAL ? SIGNALS.get(code - FIRST_SIGNAL) : null;
    }

    /** An exit code in words. */
    static String exit(int code) {
        String signal = signal(code);
        return signal == null ? "exit code " + code : "killed by " + signal + " (exit code " + code + ")";
    }

    /** Error output in words. */
    static String words(String errorOutput) {
        return errorOutput.isEmpty() ? "; it printed no error" : "; its last error output:\n" + errorOutput;
    }

    /** The whole, as an exception. */
    SlaveDiedException exception(String whatFollows) {
        Path crashLog = files.crashLog();
        Path heapDump = files.heapDump();
        Reason reason = reason(crashLog);
        SlaveDeath death = new SlaveDeath(
                pid,
                code,
                isExit(reason) ? null : signal(code),
                reason,
                running,
                uptime,
                errorOutput,
                crashLog == null ? null : crashLog.toString(),
                heapDump == null ? null : heapDump.toString());
        String message = who + " died after " + uptime.toMillis() + " ms: " + why(reason)
                + (running.isEmpty() ? "" : "; it ran " + String.join(", and beside it ", running))
                + (crashLog == null ? "" : "; crash log: " + crashLog)
                + (heapDump == null ? "" : "; heap dump: " + heapDump)
                + (whatFollows.isEmpty() ? "" : "; " + whatFollows)
                + words(errorOutput);
        return new SlaveDiedException(message, death);
    }

    private Reason reason(@Nullable Path crashLog) {
        String signal = signal(code);
        if (crashLog != null && LeftFiles.tellsOfNoMemory(crashLog)) {
            return Reason.OUT_OF_MEMORY;
        } else if (killed != null && SIGKILL.equals(signal)) {
            return Reason.KILLED_BY_MASTER;
        } else if (farewell != null) {
            return farewell.inTask() ? Reason.EXITED_BY_TASK : Reason.EXITED;
        } else if (exitsOnOutOfMemory && code == OUT_OF_MEMORY_CODE) {
            return Reason.OUT_OF_MEMORY;
        } else if (SIGKILL.equals(signal)) {
            return Reason.KILLED_BY_SYSTEM;
        } else if (crashLog != null || signal != null && FAULTS.contains(signal)) {
            return Reason.CRASHED;
        }
        return signal == null ? Reason.EXITED : Reason.SIGNALLED;
    }

    private static boolean isExit(Reason reason) {
        return reason == Reason.EXITED || reason == Reason.EXITED_BY_TASK;
    }

    private String why(Reason reason) {
        return switch (reason) {
            case OUT_OF_MEMORY -> "out of memory, so that the JVM ended itself (" + exit(code) + ")";
            case KILLED_BY_SYSTEM -> exit(code) + ", which this process did not send: " + oomKills.evidence();
            case KILLED_BY_MASTER -> "killed by this process: " + killed;
            case CRASHED -> "the JVM crashed, " + exit(code);
            case SIGNALLED -> exit(code);
            case EXITED_BY_TASK, EXITED -> "exit code " + code + (farewell == null ? "" : ": " + farewell.text());
        };
    }
}
