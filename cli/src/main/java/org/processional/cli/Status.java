// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.processional.Processional.client;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.ProcessStatus;
import org.processional.SlaveProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Tells what a server is doing, without being a client of it.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "status",
        description = {
            "Tell what a server is doing: process, uptime, clients, tasks, objects, memory.",
            "It answers while it is busy; to be asked neither keeps it nor ends it."
        },
        footer = {
            "",
            "Examples:",
            "  processional status unix:/tmp/server",
            "  processional status --json tcp://127.0.0.1:4711 | jq .queued"
        })
final class Status implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @Parameters(paramLabel = "ADDRESS", description = "Where it listens, such as unix:/tmp/server.")
    private String address;

    @Option(names = "--json", description = "Print a JSON object instead of text.")
    private boolean json;

    @Mixin
    private final SecretOption secret = new SecretOption();

    @Override
    public Integer call() {
        ClientOptions.Builder options =
                ClientOptions.builder().connectLimit(CONNECT).visitor(true);
        secret.give(options::secret);
        try (SlaveProcess server = client(address, options.build())) {
            ProcessStatus status = server.status();
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? json(server.address(), status) : text(server.address(), status));
            out.flush();
        } catch (ConnectionException e) {
            throw new CommandException("no status of a server at " + address + ": " + e.getMessage(), e);
        }
        return 0;
    }

    private static String text(String address, ProcessStatus status) {
        return String.join(
                System.lineSeparator(),
                address,
                "  process   " + status.pid() + ", " + status.version() + " (" + status.javaVersion() + ")",
                "  up for    " + duration(status.uptime()),
                "  clients   " + status.clients(),
                "  tasks     " + status.running() + " running, " + status.queued() + " queued",
                "  objects   " + status.exports() + " kept for others",
                "  heap      " + mebibytes(status.heapUsedBytes()) + " in use, " + mebibytes(status.heapMaxBytes())
                        + " at most",
                "  threads   " + status.threads());
    }

    private static Json json(String address, ProcessStatus status) {
        return new Json()
                .put("address", address)
                .put("pid", status.pid())
                .put("id", status.id())
                .put("version", status.version())
                .put("javaVersion", status.javaVersion())
                .put("uptimeSeconds", status.uptime().toMillis() / 1000.0)
                .put("clients", status.clients())
                .put("running", status.running())
                .put("queued", status.queued())
                .put("exports", status.exports())
                .put("threads", status.threads())
                .put("heapUsedBytes", status.heapUsedBytes())
                .put("heapMaxBytes", status.heapMaxBytes());
    }

    /** The two largest units, for people. */
    static String duration(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        } else if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        } else if (time.toMinutes() > 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1024.0 / 1024.0);
    }
}
