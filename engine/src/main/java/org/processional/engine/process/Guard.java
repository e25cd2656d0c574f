// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;

/**
 * Makes sure that no slave, and no child of a slave, outlives this process: a shell that reads a pipe from here, and
 * kills the process groups of the slaves when the pipe ends, as it does when this process dies in any way.
 *
 * <p>It needs {@code setsid}, which makes each slave the leader of a group. Without it, slaves still end with their
 * master, but what they started may live on.
 *
 * <p><b>Threads:</b> from any thread, under the lock of the class.
 */
final class Guard {
    /** The program that makes a slave a group leader; null where there is none. */
    static final @Nullable String SETSID = find("setsid");

    /**
     * Lines: {@code + pid} a slave has started; {@code s pid} a server, which may live on as long as it has clients;
     * {@code k pid} kill what is left of its group, and forget it; {@code - pid} forget it.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            slaves=' '; servers=' '
            forget() {
                case $slaves in *" $1 "*) slaves="${slaves%% $1 *} ${slaves#* $1 }";; esac
                case $servers in *" $1 "*) servers="${servers%% $1 *} ${servers#* $1 }";; esac
            }
            while read -r op pid; do
                case $op in
                +) slaves="$slaves$pid ";;
                s) servers="$servers$pid ";;
                k) kill -KILL "-$pid"; forget "$pid";;
                -) forget "$pid";;
                esac
            done
            sleep 0.3
            for pid in $slaves; do kill -KILL "-$pid"; done
            while [ -n "${servers# }" ]; do
                for pid in $servers; do
                    if ! kill -0 "$pid"; then kill -KILL "-$pid"; forget "$pid"; fi
                done
                [ -n "${servers# }" ] && sleep 0.2
            done
            """;

    private static @Nullable OutputStream pipe; // guarded by the class
    private static boolean broken; // guarded by the class

    private Guard() {}

    static @Nullable String find(String program) {
        for (String folder : new String[] {"/usr/bin", "/bin", "/usr/local/bin"}) {
            Path path = Path.of(folder, program);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        return null;
    }

    /** A slave has started. */
    static void slave(long pid) {
        tell("+ " + pid);
    }

    /** A server has started. */
    static void server(long pid) {
        tell("s " + pid);
    }

    /** A process is no concern of this one any more. */
    static void forget(long pid) {
        tell("- " + pid);
    }

    /** Kills what is left of the group of a process that has ended, or shall end. */
    static void kill(long pid) {
        tell("k " + pid);
    }

    private static synchronized void tell(String line) {
        if (SETSID == null || broken) {
            return;
        }
        try {
            if (pipe == null) {
                pipe = start();
            }
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            broken = true;
            Log.engine()
                    .warn("the guard of slave processes cannot be reached; their children may outlive this process", e);
        }
    }

    private static OutputStream start() throws IOException {
        return new ProcessBuilder(String.valueOf(SETSID), "/bin/sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getOutputStream();
    }
}
