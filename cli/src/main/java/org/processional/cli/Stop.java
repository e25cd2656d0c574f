// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.processional.Processional.client;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.ProcessionalException;
import org.processional.SlaveProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Asks a server to end, and waits until it has.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(name = "stop", description = "Ask a server to finish what is queued and to end, and wait until it has.")
final class Stop implements Callable<Integer> {
    /** A server that is there answers sooner; nobody waits here for one to appear. */
    private static final Duration CONNECT = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 20;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @Parameters(paramLabel = "ADDRESS", description = "Where it listens, such as unix:/tmp/server.")
    private String address;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for its end, at most; default ${DEFAULT-VALUE}.")
    private int waitSeconds;

    @Override
    public Integer call() throws InterruptedException {
        ClientOptions options = ClientOptions.builder().connectLimit(CONNECT).build();
        try (SlaveProcess server = connect(options)) {
            long pid = server.pid();
            server.stop();
            long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
            while (isThere(server)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new CommandException("the server at " + address + " (process " + pid
                            + ") takes nothing new, but has not ended within " + waitSeconds
                            + " s; give it more with --wait, or kill it");
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return 0;
    }

    private SlaveProcess connect(ClientOptions options) {
        try {
            return client(address, options);
        } catch (ConnectionException e) {
            throw new CommandException("no server to stop at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Whether the server still answers. */
    private static boolean isThere(SlaveProcess server) {
        try {
            server.names();
            return true;
        } catch (ProcessionalException e) {
            return false;
        }
    }
}
