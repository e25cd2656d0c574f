// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The log of a slave whose records go to its master: those that come before the connection wait for it, and those that come
 * after it are printed on the error output.
 *
 * <p>Three ways lead here: {@link ToMasterProvider} for SLF4J, {@link ToMasterHandler} for {@code java.util.logging}, and
 * with it {@code System.Logger}, and the engine's own records, which go through neither.
 *
 * <p><b>Threads:</b> from any thread; nobody waits here.
 */
public final class ToMaster {
    /** Where records go. */
    public interface Way {
        /**
         * Takes a record, or drops and counts it; does not wait.
         *
         * @return false if there is nobody any more to whom it leads
         */
        boolean take(Entry entry);

        /** How many records were left out, of which nobody was told yet; from now on, somebody is. */
        default int leftOut() {
            return 0;
        }
    }

    /** Records that wait for the connection. */
    static final int MOST_EARLY = 1000;

    private static final String PROVIDER = "slf4j.provider";
    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private static volatile @Nullable ToMaster log; // written once, at the start of the slave

    private final int level; // the lowest, as SLF4J counts them
    private final PrintStream errors;
    private final ThreadLocal<@Nullable Boolean> busy = new ThreadLocal<>(); // what sending logs is not sent
    private final ArrayDeque<Entry> early = new ArrayDeque<>(); // guarded by itself
    private int missed; // guarded by early: those that it had no room for
    private volatile @Nullable Way way; // written once, under the lock of early

    ToMaster(System.Logger.Level level, PrintStream errors) {
        this.level = number(level);
        this.errors = errors;
    }

    /**
     * Makes this process one that gives its records away; called once, before anything is logged.
     *
     * @param level the lowest level that is sent
     * @param ownProvider whether SLF4J keeps the provider that it would have
     */
    public static void begin(System.Logger.Level level, boolean ownProvider) {
        log = new ToMaster(level, System.err);
        if (!ownProvider) {
            System.setProperty(PROVIDER, ToMasterProvider.class.getName());
            if (System.getProperty(VERBOSITY) == null) {
                System.setProperty(VERBOSITY, "WARN"); // else it prints that it takes the provider
            }
        }
        if (ModuleLayer.boot().findModule("java.logging").isPresent()) {
            ToMasterHandler.install(level);
        }
    }

    /** Whether flags of a JVM name a provider of SLF4J. */
    public static boolean nameProvider(Iterable<String> flags) {
        for (String flag : flags) {
            if (flag.startsWith("-D" + PROVIDER + "=")) {
                return true;
            }
        }
        return false;
    }

    /** Whether this process gives its records away. */
    public static boolean isOn() {
        return log != null;
    }

    /** A logger whose records go to the master, whatever provider SLF4J has. */
    public static Logger logger(String name) {
        return new ToMasterLogger(name);
    }

    /** From now on, records have a way. */
    public static void open(Way to) {
        ToMaster here = log;
        if (here != null) {
            here.begin(to);
        }
    }

    /** The process ends, and perhaps there never was a way: for a shutdown hook. */
    public static void close() {
        ToMaster here = log;
        if (here != null) {
            here.end();
        }
    }

    static boolean isEnabled(Level level) {
        ToMaster here = log;
        return here != null && level.toInt() >= here.level;
    }

    static void add(Level level, String logger, String message, @Nullable Throwable error) {
        ToMaster here = log;
        if (here == null) {
            return;
        }
        Map<String, String> context = ToMasterProvider.CONTEXT.getCopyOfContextMap();
        here.add(new Entry(
                level, logger, Thread.currentThread().getName(), message, context == null ? Map.of() : context, error));
    }

    /** The lowest level that is sent, as SLF4J counts them. */
    static int number(System.Logger.Level level) {
        return switch (level) {
            case ALL, TRACE -> Level.TRACE.toInt();
            case DEBUG -> Level.DEBUG.toInt();
            case INFO -> Level.INFO.toInt();
            case WARNING -> Level.WARN.toInt();
            case ERROR -> Level.ERROR.toInt();
            case OFF -> Integer.MAX_VALUE;
        };
    }

    void begin(Way to) {
        synchronized (early) {
            if (way != null) {
                return;
            }
            if (missed > 0) {
                early.add(new Entry(
                        Level.WARN,
                        ToMaster.class.getName(),
                        Thread.currentThread().getName(),
                        missed + " records were left out: they came before the connection to the master, which keeps "
                                + MOST_EARLY,
                        Map.of(),
                        null));
            }
            for (Entry entry = early.poll(); entry != null; entry = early.poll()) {
                give(to, entry);
            }
            way = to;
        }
    }

    void end() {
        begin(entry -> false);
        Way last = way;
        int count = last == null ? 0 : last.leftOut();
        if (count > 0) {
            errors.println(count + " records were left out, at last: the master took too little of what it is sent");
        }
    }

    void add(Entry entry) {
        if (busy.get() != null) {
            return; // sending a record would make another one, and so on
        }
        busy.set(true);
        try {
            Way to = way;
            if (to != null || (to = keep(entry)) != null) {
                give(to, entry);
            }
        } finally {
            busy.remove();
        }
    }

    /** Keeps a record until there is a way; returns the way if there is one now. */
    private @Nullable Way keep(Entry entry) {
        synchronized (early) {
            if (way == null && early.size() < MOST_EARLY) {
                early.add(entry);
            } else if (way == null) {
                missed++;
            }
            return way;
        }
    }

    private void give(Way to, Entry entry) {
        if (!to.take(entry)) {
            print(entry);
        }
    }

    private void print(Entry entry) {
        StringWriter text = new StringWriter();
        text.append("[")
                .append(entry.thread())
                .append("] ")
                .append(entry.level().toString());
        text.append(" ").append(entry.logger()).append(" - ").append(entry.message());
        if (entry.error() != null) {
            text.append(System.lineSeparator());
            entry.error().printStackTrace(new PrintWriter(text));
        }
        errors.println(text.toString().stripTrailing());
    }
}
