// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.processional.Export;
import org.processional.Processional;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveProcess;

/**
 * A run of the harness within one process: a server, its clients, and the check.
 *
 * <p><b>Threads:</b> {@code run} by one thread at a time in a process: it looks at all threads and exports.
 *
 * @since 0.1
 */
public final class Episode {
    private final String run;
    private final Plan plan;
    private final String address;
    private final List<String> violations = new ArrayList<>();

    /**
     * A run.
     *
     * @param run its name
     * @param plan what happens
     * @param address where to serve, at a transport of this package
     */
    public Episode(String run, Plan plan, String address) {
        this.run = run;
        this.plan = plan;
        this.address = address;
    }

    /**
     * Runs it.
     *
     * @return what must not be; empty if all is well
     */
    @SuppressWarnings("try") // a second close() does no harm
    public List<String> run() {
        Ledger.begin(run);
        List<Work> clients = new ArrayList<>();
        List<long[]> tasks = new ArrayList<>();
        List<Export> before = Processional.exports();
        ServeOptions options = ServeOptions.builder()
                .name(run)
                .credits(plan.credits())
                .closeLimit(plan.killedAfter() > 0 ? Duration.ofMillis(1) : plan.limit())
                .build();
        try (Server server = Processional.serve(address, options)) {
            for (int i = 0; i < plan.clients().size(); i++) {
                clients.add(new Work(new Customer(run, i, plan, server.address(), false)));
            }
            clients.forEach(Thread::start);
            if (plan.killedAfter() > 0) {
                LockSupport.parkNanos(plan.killedAfter() * 1000L);
                server.close();
            }
            clients.forEach(client -> finish(client, tasks));
            if (plan.killedAfter() == 0) {
                look(server);
            }
        }
        violations.addAll(Check.violations(tasks, Ledger.end(run)));
        until("all exports are released", () -> Processional.exports().equals(before));
        until(
                "the threads of the server have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().endsWith("-" + run)));
        return List.copyOf(violations);
    }

    /** The server is as it was before. */
    private void look(Server server) {
        until("the server has forgotten its clients", () -> server.clients() == 0);
        try (SlaveProcess late = Processional.client(server.address())) {
            if (late.invoke(() -> 6 * 7) != 42) {
                violations.add("a late client got a wrong result");
            }
        } catch (RuntimeException e) {
            violations.add("the server takes nobody any more: " + Caller.describe(e));
        }
    }

    private void finish(Work client, List<long[]> tasks) {
        try {
            client.join(4 * plan.limit().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Report report = client.report;
        if (report == null) {
            violations.add("a client hangs");
        } else {
            violations.addAll(report.violations());
            tasks.addAll(report.tasks());
        }
    }

    private void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + plan.limit().toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                violations.add("not within " + plan.limit() + ": " + what);
                return;
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** The thread of a client. */
    private static final class Work extends Thread {
        private final Customer customer;
        private volatile @org.jspecify.annotations.Nullable Report report; // written once

        Work(Customer customer) {
            super("customer");
            this.customer = customer;
            setDaemon(true);
        }

        @Override
        public void run() {
            report = customer.run();
        }
    }
}
