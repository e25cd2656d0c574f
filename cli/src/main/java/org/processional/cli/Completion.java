// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints what makes a shell complete the commands and options.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "completion",
        description = "Print a script for the shell, which then completes commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(processional completion bash)        # this shell",
            "  processional completion bash > ~/.local/share/bash-completion/completions/processional",
            "  source <(processional completion zsh)         # in ~/.zshrc, behind compinit"
        })
final class Completion implements Callable<Integer> {
    /** The shells that the script is for. */
    enum Shell {
        bash,
        zsh
    }

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.zsh) { // the script is one for bash, which zsh takes with this
            out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        out.print(AutoComplete.bash("processional", Main.commandLine()));
        out.flush();
        return 0;
    }
}
