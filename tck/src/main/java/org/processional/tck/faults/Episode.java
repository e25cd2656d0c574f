// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.processional.Export;
import org.processional.Processional;
import org.processional.ServeOptions;
import org.processional.Server;

/**
 * A run of the harness within one process: a server, its clients, and the check. What a {@link Plan} calls killed is a
 * server that is closed, and gives nobody time. A {@link ProcessEpisode} has a process to kill.
 *
 * <p><b>Threads:</b> {@code run} by one thread at a time in a process: it looks at all threads and exports.
 *
 * @since 0.1
 */
public final class Episode {
    private final String run;
    private final Plan plan;
    private final String address;
    private final Findings findings;

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
        this.findings = new Findings(plan.limit());
    }

    /**
     * Runs it.
     *
     * @return what must not be; empty if all is well
     */
    @SuppressWarnings("try") // a second close() does no harm
    public List<String> run() {
        Ledger.begin(run);
        List<Export> before = Processional.exports();
        ServeOptions options = ServeOptions.builder()
                .name(run)
                .credits(plan.credits())
                .closeLimit(plan.killedAfter() > 0 ? Duration.ofMillis(1) : plan.limit())
                .build();
        Crowd crowd;
        try (Server server = Processional.serve(address, options)) {
            crowd = new Crowd(run, plan, server.address(), false);
            crowd.start();
            if (plan.killedAfter() > 0) {
                LockSupport.parkNanos(plan.killedAfter() * 1000L);
                server.close();
            }
            crowd.await(findings);
            if (plan.killedAfter() == 0) {
                findings.until("the server has forgotten its clients", () -> server.clients() == 0);
                Crowd.comesLate(server.address(), findings);
            }
        }
        findings.addAll(Check.violations(crowd.tasks(), Ledger.end(run)));
        findings.until("all exports are released", () -> Processional.exports().equals(before));
        findings.until("the threads of the server have ended", () -> !hasThreads());
        return findings.all();
    }

    /** Looks at names alone: the stacks of all threads would have every one of them stop. */
    private boolean hasThreads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[2 * group.activeCount() + 100];
        group.enumerate(threads);
        return Arrays.stream(threads)
                .filter(Objects::nonNull)
                .anyMatch(thread -> thread.getName().endsWith("-" + run));
    }
}
