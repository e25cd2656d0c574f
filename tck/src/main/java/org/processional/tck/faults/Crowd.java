// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.Processional;
import org.processional.SlaveProcess;

/**
 * The clients of a run, each in a thread of its own.
 *
 * <p><b>Threads:</b> the one that does the run.
 */
final class Crowd {
    private final Plan plan;
    private final List<Work> clients = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();

    /**
     * Clients that have not begun.
     *
     * @param run the name of the run
     * @param server its address
     * @param apart whether the server is in another process
     */
    Crowd(String run, Plan plan, String server, boolean apart) {
        this.plan = plan;
        for (int i = 0; i < plan.clients().size(); i++) {
            clients.add(new Work(new Customer(run, i, plan, server, apart)));
        }
    }

    void start() {
        clients.forEach(Thread::start);
    }

    /** Whether nobody has anything to do any more. */
    boolean isDone() {
        return clients.stream().noneMatch(Thread::isAlive);
    }

    /** Waits for the ends of all; who hangs or fails, and what they saw, are findings. */
    void await(Findings findings) {
        for (Work client : clients) {
            try {
                client.join(4 * plan.limit().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Report report = client.report;
            if (report != null) {
                findings.addAll(report.violations());
                reports.add(report);
            } else {
                findings.add(client.ending());
            }
        }
    }

    /** The tasks of all, once they have ended; see {@link Report#tasks}. */
    List<long[]> tasks() {
        return reports.stream().flatMap(report -> report.tasks().stream()).toList();
    }

    /** How often the server called back, in tasks that have their results. */
    int callbacks() {
        return reports.stream().mapToInt(Report::callbacks).sum();
    }

    /** Somebody comes when all others have left. */
    static void comesLate(String server, Findings findings) {
        try (SlaveProcess late = Processional.client(server)) {
            if (late.invoke(() -> 6 * 7) != 42) {
                findings.add("a late client got a wrong result");
            }
        } catch (RuntimeException e) {
            findings.add("the server takes nobody any more: " + Caller.describe(e));
        }
    }

    /** The thread of a client. */
    private static final class Work extends Thread {
        private final Customer customer;
        private volatile @Nullable Report report; // written once
        private volatile @Nullable Throwable failure; // the same, in place of the report

        Work(Customer customer) {
            super("customer");
            this.customer = customer;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                report = customer.run();
            } catch (Throwable e) { // else nobody would learn of it
                failure = e;
            }
        }

        /** What became of one that has not reported. */
        String ending() {
            Throwable why = failure;
            return why != null
                    ? "a client failed: " + Caller.describe(why)
                    : "a client hangs: " + Arrays.toString(getStackTrace());
        }
    }
}
