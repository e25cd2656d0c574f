// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Lists the transports that the path offers, the best first.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "transports",
        description = {
            "List the transports on the path, the best first, and whether each works here.",
            "A slave uses the first one that is available and has no negative priority, unless an address, an option or"
                    + " -Dprocessional.transport names another."
        },
        footer = {
            "",
            "Examples:",
            "  processional transports",
            "  processional transports --json | jq -r '.[] | select(.available) | .scheme'"
        })
final class Transports implements Callable<Integer> {
    private static final List<String> HEAD =
            List.of("SCHEME", "MODULE", "VERSION", "PRIORITY", "LONGEST FRAME", "AVAILABLE");

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array instead of a table.")
    private boolean json;

    /** A line: what is known of one transport; an empty module or version is none. */
    record Row(
            String scheme,
            String module,
            String version,
            int priority,
            OptionalInt frameBytes,
            Optional<String> reason) {
        static Row of(Transport transport) {
            Class<?> type = transport.getClass();
            Module module = type.getModule();
            return new Row(
                    transport.scheme(),
                    module.isNamed() ? module.getName() : "",
                    Optional.ofNullable(version(type)).orElse(""),
                    transport.priority(),
                    transport.maxFrameBytes(),
                    reason(transport));
        }

        private static @Nullable String version(Class<?> type) {
            return type.getModule().isNamed()
                    ? type.getModule().getDescriptor().rawVersion().orElse(null)
                    : type.getPackage().getImplementationVersion();
        }

        private static Optional<String> reason(Transport transport) {
            try {
                return transport.unavailable();
            } catch (RuntimeException e) { // a broken transport does not hide the others
                return Optional.of(e.toString());
            }
        }

        List<String> cells() {
            return List.of(
                    scheme,
                    module.isEmpty() ? "(class path)" : module,
                    version.isEmpty() ? "(unknown)" : version,
                    Integer.toString(priority),
                    frameBytes.isPresent() ? Integer.toString(frameBytes.getAsInt()) : "(depends)",
                    reason.map(why -> "no: " + why).orElse("yes"));
        }

        Json json() {
            return new Json()
                    .put("scheme", scheme)
                    .put("module", module.isEmpty() ? null : module)
                    .put("version", version.isEmpty() ? null : version)
                    .put("priority", priority)
                    .put("maxFrameBytes", frameBytes.isPresent() ? frameBytes.getAsInt() : null)
                    .put("available", reason.isEmpty())
                    .put("reason", reason.orElse(null));
        }
    }

    @Override
    public Integer call() {
        Providers.Found<Transport> found = Providers.find(Transport.class);
        List<Row> rows = found.providers().stream()
                .sorted(Comparator.comparingInt(Transport::priority).reversed())
                .map(Row::of)
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.array(rows.stream().map(Row::json).toList()));
        } else {
            printTable(rows, out);
        }
        out.flush();
        for (Throwable failure : found.failures()) {
            spec.commandLine().getErr().println("processional: a transport did not load: " + failure.getMessage());
        }
        return found.failures().isEmpty() ? 0 : 1;
    }

    private static void printTable(List<Row> rows, PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        rows.forEach(row -> lines.add(row.cells()));
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
