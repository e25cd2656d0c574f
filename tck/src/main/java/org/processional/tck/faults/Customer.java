// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Processional;
import org.processional.ProcessionalException;
import org.processional.Proxy;
import org.processional.SlaveProcess;
import org.processional.spi.Address;

/**
 * A client of a run: connects, has its callers do their steps, closes, and connects anew.
 *
 * <p><b>Threads:</b> {@code run} by one thread; the callers have threads of their own.
 *
 * @since 0.1
 */
public final class Customer {
    /** A server that was ended comes back no more: so long for one that may be there still, here and in a process. */
    private static final Duration HERE = Duration.ofMillis(20);

    private static final Duration IN_A_PROCESS = Duration.ofMillis(500);

    private final String run;
    private final int number;
    private final Plan plan;
    private final Plan.Client client;
    private final Address server;
    private final boolean apart; // whether the server is in another process
    private final Report report = new Report();

    /**
     * Makes a client.
     *
     * @param run the name of the run
     * @param number of the client in the plan
     * @param apart whether the server is in another process, so that its objects and ours can call each other
     */
    public Customer(String run, int number, Plan plan, String server, boolean apart) {
        this.run = run;
        this.number = number;
        this.plan = plan;
        this.client = plan.clients().get(number);
        this.server = Address.parse(server);
        this.apart = apart;
    }

    /** Does everything, and says what it saw. */
    public Report run() {
        SplittableRandom random = new SplittableRandom(plan.seed() * 1009 + number);
        for (int i = 0; i < client.faults().size(); i++) {
            Fault fault = client.faults().get(i);
            Line line = connect(100 * number + i, fault);
            if (line != null) {
                use(line, random);
            }
        }
        return report;
    }

    private boolean mayLose(Fault fault) {
        return plan.killedAfter() > 0 || fault.losesTasks();
    }

    private Duration connectLimit() {
        Duration ended = apart ? IN_A_PROCESS : HERE;
        return plan.killedAfter() > 0 ? ended : plan.limit();
    }

    private @Nullable Line connect(int at, Fault fault) {
        ClientOptions options = ClientOptions.builder()
                .codec(plan.codec())
                .connectLimit(connectLimit())
                .closeLimit(plan.limit())
                .build();
        SlaveProcess process = null;
        Proxy<Ledger.Partner> here = null;
        try {
            process = Processional.client(plan.address(server, fault), options);
            here = apart ? Processional.export(new Ledger.Partner()) : null;
            Proxy<Ledger.Partner> there = apart ? process.wrap(() -> new Ledger.Partner()) : null;
            return new Line(at, fault, plan.killedAfter() > 0, process, here, there);
        } catch (ProcessionalException e) {
            if (!mayLose(fault) || !(e instanceof ConnectionException) && !Caller.isEnd(e)) {
                report.violation("connection " + at + " with " + fault + ": " + Caller.describe(e));
            }
            if (here != null) {
                here.close();
            }
            if (process != null) {
                process.close();
            }
            return null;
        }
    }

    private void use(Line line, SplittableRandom random) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < client.callers(); i++) {
            callers.add(new Caller(run, line, i, client.steps(), random.split(), report, plan.limit()));
        }
        boolean closesEarly = random.nextInt(8) == 0;
        callers.forEach(Caller::start);
        if (closesEarly) {
            line.closing();
            if (random.nextBoolean()) {
                line.process.terminate();
            } else {
                close(line);
            }
        }
        for (Caller caller : callers) {
            caller.await();
        }
        line.closing();
        close(line);
        if (line.here != null) {
            line.here.close();
        }
    }

    private void close(Line line) {
        line.process.close();
        if (line.process.isOpen()) {
            report.violation("connection " + line.number + " is open after close()");
        }
    }
}
