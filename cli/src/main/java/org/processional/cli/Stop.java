// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.processional.Processional.client;
import static org.processional.Processional.thread;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskTimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Asks a server to end, and waits until it has.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "stop",
        description = "Ask a server to finish what is queued and to end, and wait until it has.",
        footer = {
            "",
            "Examples:",
            "  processional stop unix:/tmp/server",
            "  processional stop --wait 60 unix:/tmp/server      # its tasks take long"
        })
final class Stop implements Callable<Integer> {
    /** A server that is there answers sooner; nobody waits here for one to appear. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 20;

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @Parameters(paramLabel = "ADDRESS", description = "Where it listens, such as unix:/tmp/server.")
    private String address;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for its end, at most; default ${DEFAULT-VALUE}.")
    private int waitSeconds;

    @Mixin
    private final SecretOption secret = new SecretOption();

    @Override
    public Integer call() {
        if (waitSeconds < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--wait is " + waitSeconds + "; give seconds, zero or more");
        }
        ClientOptions.Builder options =
                ClientOptions.builder().connectLimit(CONNECT).closeLimit(CONNECT);
        secret.give(options::secret);
        try (SlaveProcess server = connect(options.build())) {
            Task<?> end = thread(() -> {
                server.stop();
                while (server.isOpen()) { // it closes the connection when all that has finished
                    Thread.sleep(LOOK_MILLIS);
                }
            });
            try {
                end.await(Duration.ofSeconds(waitSeconds));
            } catch (TaskTimeoutException e) {
                end.cancel();
                throw new CommandException(
                        "the server at " + address + " (process " + server.pid() + ") has not ended within "
                                + waitSeconds
                                + " s, for tasks still run there: it takes nothing new and ends with them; kill the"
                                + " process if they do not end",
                        e);
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
}
