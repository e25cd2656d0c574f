// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Looks at what Processional needs, and tells what of it works here, what is lost where it does not, and the cure.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "doctor",
        description = {
            "Tell what of the system works, what is lost where it does not, and the cure.",
            "In the end it starts a slave and runs a function in it."
        },
        footer = {
            "",
            "ok: as it should be. note: something optional is not there. LOST: something that is promised does not hold;",
            "the exit code is 3 then.",
            "",
            "Examples:",
            "  processional doctor",
            "  processional doctor --json | jq -r '.[] | select(.level == \"lost\") | .cure'"
        })
final class Doctor implements Callable<Integer> {
    /** The exit code where something is lost. */
    static final int LOST = 3;

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array instead of text.")
    private boolean json;

    @SuppressWarnings("unused") // picocli fills it
    @Option(
            names = "--without",
            paramLabel = "THING",
            split = ",",
            description =
                    "Tell what would be lost without these: ramdisk, setsid, cgroups, jnr, archives, loopback, proc.")
    private @Nullable List<String> without;

    @Override
    public Integer call() {
        Set<String> missing = new HashSet<>(without == null ? List.of() : without);
        if (!Machine.KNOWN.containsAll(missing)) {
            missing.removeAll(Machine.KNOWN);
            throw new ParameterException(
                    spec.commandLine(), "--without " + String.join(",", missing) + " is not one of " + Machine.KNOWN);
        }
        Machine machine = new Machine(Set.copyOf(missing));
        List<Function<Machine, Finding>> checks = new ArrayList<>(SystemChecks.ALL);
        checks.addAll(JavaChecks.ALL);
        List<Finding> findings =
                checks.stream().map(check -> check.apply(machine)).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.array(findings.stream().map(Doctor::json).toList()));
        } else {
            findings.forEach(finding -> print(finding, out));
        }
        out.flush();
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.LOST) ? LOST : 0;
    }

    private static Json json(Finding finding) {
        return new Json()
                .put("name", finding.name())
                .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                .put("words", finding.words())
                .put("cure", finding.cure());
    }

    private static void print(Finding finding, PrintWriter out) {
        String mark = Terminal.ansi()
                .string(
                        switch (finding.level()) {
                            case OK -> "@|green ok  |@";
                            case NOTE -> "@|yellow note|@";
                            case LOST -> "@|bold,red LOST|@";
                        });
        out.println(String.format(Locale.ROOT, " %s %-17s %s", mark, finding.name(), finding.words()));
        if (finding.cure() != null) {
            out.println(" ".repeat(24) + "cure: " + finding.cure());
        }
    }
}
