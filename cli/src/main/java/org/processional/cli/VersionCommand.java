// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Tells the version, as {@code --version} does, also for programs.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(name = "version", description = "Tell the version of Processional and of Java.")
final class VersionCommand implements Callable<Integer> {
    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new Json()
                    .put("version", Version.fromManifest())
                    .put("java", Runtime.version().toString())
                    .put("javaHome", System.getProperty("java.home")));
        } else {
            for (String line : new Version().getVersion()) {
                out.println(line);
            }
        }
        out.flush();
        return 0;
    }
}
