// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;

/**
 * The environment variables of a slave: those of this process, as the options change them. Debugger and agents that a
 * variable gives to every JVM stay with this process, as those of its command line do: it has their ports already.
 *
 * <p><b>Threads:</b> stateless.
 */
final class EnvironmentOfSlave {
    /** Where a JVM finds flags besides its command line. */
    static final List<String> FLAG_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final String[] NOT_INHERITED = {
        "-agentlib:", "-agentpath:", "-javaagent:", "-Xrun", "-Xdebug", "-Dcom.sun.management."
    };

    /** What a JVM takes as one flag: quotes hold white space. */
    private static final Pattern FLAG = Pattern.compile("(?:[^\\s\"']++|\"[^\"]*+\"?|'[^']*+'?)++");

    /** What a JVM says on its error output about these, before all else. */
    private static final String[] PICKED_UP = {"Picked up ", "NOTE: Picked up "};

    /** The first of these that is set says in which encoding the names of files are. */
    private static final String[] LOCALE_VARIABLES = {"LC_ALL", "LC_CTYPE", "LANG"};

    private EnvironmentOfSlave() {}

    static Map<String, String> of(SlaveOptions options) {
        return of(System.getenv(), options);
    }

    /** The same, of a process with other variables. */
    static Map<String, String> of(Map<String, String> here, SlaveOptions options) {
        Map<String, String> environment = new HashMap<>(here);
        for (String variable : FLAG_VARIABLES) {
            String flags = environment.get(variable);
            if (flags != null) {
                put(environment, variable, inherited(flags));
            }
        }
        for (Map.Entry<String, String> variable : options.environment().entrySet()) {
            put(environment, variable.getKey(), variable.getValue());
        }
        return environment;
    }

    private static void put(Map<String, String> environment, String name, String value) {
        if (value.isEmpty()) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
    }

    private static String inherited(String flags) {
        List<String> kept = new ArrayList<>();
        Matcher found = FLAG.matcher(flags);
        while (found.find()) {
            if (isInherited(found.group().replaceAll("[\"']", ""))) {
                kept.add(found.group());
            }
        }
        return String.join(" ", kept);
    }

    private static boolean isInherited(String flag) {
        for (String prefix : NOT_INHERITED) {
            if (flag.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a line of error output is a JVM's word that it found flags in a variable. */
    static boolean isPickedUp(String line) {
        for (String start : PICKED_UP) {
            if (line.startsWith(start)) {
                for (String variable : FLAG_VARIABLES) {
                    if (line.startsWith(variable, start.length())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Refuses paths that a slave could not find, because the options give it another locale than this process has.
     *
     * @param line its command line
     * @param environment its environment
     */
    static void requireEncodable(List<String> line, Map<String, String> environment) {
        String locale = locale(environment);
        if (locale.equals(locale(System.getenv())) || !isAscii(locale)) {
            return;
        }
        for (String word : line) {
            if (!word.chars().allMatch(c -> c < 0x80)) {
                throw new SlaveStartException("a slave in the locale \"" + locale + "\", of the option environment,"
                        + " cannot find " + word + ", whose letters that locale has not; give it one in UTF-8, such as"
                        + " LC_ALL=C.UTF-8, or none");
            }
        }
    }

    private static String locale(Map<String, String> environment) {
        for (String variable : LOCALE_VARIABLES) {
            @Nullable String value = environment.get(variable);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "C";
    }

    private static boolean isAscii(String locale) {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac"); // always UTF-8
        return !mac && (locale.equals("C") || locale.equals("POSIX"));
    }
}
