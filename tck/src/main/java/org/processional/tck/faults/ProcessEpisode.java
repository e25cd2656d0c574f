// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.processional.Export;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/**
 * A run of the harness with the server in a process of its own: clients and server call each other's objects, and killing
 * the server is killing its process, {@link Plan#killedAfter} microseconds after it has begun with a task.
 *
 * <p>That process needs this package and the codec of the plan on its path, and the transport of the address.
 *
 * <p><b>Threads:</b> {@code run} by one thread at a time in a process: it looks at all exports.
 *
 * @since 0.1
 */
public final class ProcessEpisode {
    /** What Linux says of a process that was ended by SIGKILL. */
    private static final int KILLED = 128 + 9;

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final String run;
    private final Plan plan;
    private final String address;
    private final Path file;
    private final Findings findings;
    private final Map<String, Integer> balance = new TreeMap<>();

    /**
     * A run.
     *
     * @param run its name
     * @param plan what happens
     * @param address where the server is to listen, at a transport of this package
     * @param file where it is to write down what ran; must not exist
     */
    public ProcessEpisode(String run, Plan plan, String address, Path file) {
        this.run = run;
        this.plan = plan;
        this.address = address;
        this.file = file;
        this.findings = new Findings(plan.limit());
    }

    /**
     * Runs it.
     *
     * @return what must not be; empty if all is well
     * @throws IOException if the file cannot be made
     */
    public List<String> run() throws IOException {
        FileBook book = FileBook.open(file);
        List<Export> before = Processional.exports();
        SlaveOptions options = SlaveOptions.builder()
                .address(address)
                .name(run)
                .credits(plan.credits())
                .closeLimit(plan.limit())
                .build();
        SlaveProcess server = Processional.server(options);
        try (server) {
            String name = run;
            String path = file.toString();
            server.invoke(() -> Ledger.begin(name, path));
            Crowd crowd = new Crowd(run, plan, server.address(), true);
            crowd.start();
            if (plan.killedAfter() > 0) {
                kill(server, crowd, book);
            }
            crowd.await(findings);
            if (plan.killedAfter() == 0) {
                look(server);
            }
            findings.addAll(Check.violations(crowd.tasks(), book.keys()));
            count(crowd);
        }
        findings.until("all exports are released", () -> Processional.exports().equals(before));
        findings.until("the process has ended", () -> server.exitCode().isPresent());
        int expected = plan.killedAfter() > 0 ? KILLED : 0;
        if (server.exitCode().orElse(expected) != expected) {
            findings.add("the process ended with " + server.exitCode() + " instead of " + expected);
        }
        return findings.all();
    }

    /** How many tasks of the run ended in which way, and how often the server called back. */
    public Map<String, Integer> balance() {
        return Map.copyOf(balance);
    }

    private void kill(SlaveProcess server, Crowd crowd, FileBook book) {
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        findings.until("a task has begun", () -> !book.isEmpty() || crowd.isDone());
        LockSupport.parkNanos(plan.killedAfter() * 1000L);
        process.destroyForcibly();
    }

    /** The server is as it was before. */
    private void look(SlaveProcess server) {
        findings.until(
                "the server has forgotten its clients, but for us",
                () -> server.status().clients() == 1);
        findings.until("the server holds no objects", () -> server.exports().isEmpty());
        Crowd.comesLate(server.address(), findings);
    }

    private void count(Crowd crowd) {
        for (long[] task : crowd.tasks()) {
            balance.merge(OUTCOMES[(int) task[3]].name(), 1, Integer::sum);
        }
        balance.put("CALLBACKS", crowd.callbacks());
    }
}
