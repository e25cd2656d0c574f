// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What is known of where the output goes.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class Terminal {
    private Terminal() {}

    /** Whether somebody looks at the output while it is written: standard output is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // from Java 22 on there is one without a terminal too, which is asked below
    public static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /** Colours on a terminal only, and not where NO_COLOR asks for none. */
    static Ansi ansi() {
        String no = System.getenv("NO_COLOR");
        return isThere() && (no == null || no.isEmpty()) ? Ansi.ON : Ansi.OFF;
    }

    /**
     * Good or bad, in words of one width; in colour where the command may use colours.
     *
     * @param command the command that prints it
     * @param good which of the two
     */
    public static String mark(CommandSpec command, boolean good) {
        Ansi ansi = command.commandLine().getColorScheme().ansi();
        return ansi.string(good ? "@|green ok |@" : "@|bold,red BAD|@");
    }
}
