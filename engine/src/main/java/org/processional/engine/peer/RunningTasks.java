// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.processional.engine.task.StackTraces;

/**
 * What a process runs for this one, as far as it is known here: of what its main thread runs, the oldest that was not
 * answered; and all that runs beside it.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class RunningTasks {
    private static final int MOST = 10;
    private static final String LAMBDA = "$$Lambda";
    private static final String ENGINE = "org.processional.engine.";

    private RunningTasks() {}

    /** In words, that of the main thread first. */
    static List<String> describe(PendingTable<RemoteTask<?>> pending) {
        List<RemoteTask<?>> queued = new ArrayList<>();
        List<RemoteTask<?>> beside = new ArrayList<>();
        pending.forEach(task -> {
            Question question = task.question();
            if (question != null
                    && question.function() != null) { // else a question of the engine, or answered meanwhile
                (question.kind() == Frames.THREAD ? beside : queued).add(task);
            }
        });
        Comparator<RemoteTask<?>> byAge = Comparator.comparingLong(RemoteTask::ticket);
        List<String> running = new ArrayList<>();
        queued.stream().min(byAge).ifPresent(task -> running.add(describe(task)));
        beside.sort(byAge);
        for (RemoteTask<?> task : beside.subList(0, Math.min(beside.size(), MOST - running.size()))) {
            running.add(describe(task));
        }
        return running;
    }

    /** For example {@code a lambda of com.acme.App, asked for at com.acme.App.run(App.java:17)}. */
    static String describe(RemoteTask<?> task) {
        Question question = task.question();
        StackTraceElement[] site = task.askedForAt();
        return (question == null ? "a function" : function(question))
                + (site.length == 0 ? "" : ", " + StackTraces.ASKED_FOR_BY + " " + StackTraces.place(site[0]))
                + (task.isCancelled() ? " (cancelled, but it did not end)" : "");
    }

    /** What a question runs there. */
    static String function(Question question) {
        Object function = question.function();
        if (function == null) {
            return "a function";
        }
        String name = function.getClass().getName();
        Class<?> origin = question.origin();
        if (origin != null && name.startsWith(ENGINE)) { // a method of a stand-in, or what a proxy does for its user
            return "a method of " + plain(origin.getName());
        }
        return name.contains(LAMBDA) ? "a lambda of " + plain(name) : name;
    }

    private static String plain(String name) {
        int lambda = name.indexOf(LAMBDA);
        return lambda < 0 ? name : name.substring(0, lambda);
    }
}
