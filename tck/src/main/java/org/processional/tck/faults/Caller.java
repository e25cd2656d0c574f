// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.processional.Call;
import org.processional.ConnectionException;
import org.processional.Proxy;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;

/**
 * A thread that uses a connection as users do, and knows what must become of each task.
 *
 * <p><b>Threads:</b> {@code start} and {@code await} by who made it.
 */
final class Caller extends Thread {
    private final Duration limit;
    private final String run;
    private final Line line;
    private final SlaveProcess process;
    private final int steps;
    private final SplittableRandom random;
    private final Report report;
    private final List<Sent> open = new ArrayList<>(); // tasks that nobody has asked for
    private long next;

    Caller(String run, Line line, int number, int steps, SplittableRandom random, Report report, Duration limit) {
        super("caller-" + line.number + "-" + number);
        this.run = run;
        this.line = line;
        this.process = line.process;
        this.steps = steps;
        this.random = random;
        this.report = report;
        this.limit = limit;
        this.next = (line.number * 10L + number) * 1_000_000;
        setDaemon(true);
    }

    /** Waits for the end. */
    void await() {
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join(2 * limit.toMillis());
                if (isAlive()) {
                    report.violation(getName() + " hangs: " + Arrays.toString(getStackTrace()));
                    return;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < steps; i++) {
                step();
            }
            while (!open.isEmpty()) {
                settle(open.remove(open.size() - 1));
            }
        } catch (Throwable e) { // else nobody would learn of it
            report.violation(getName() + " failed: " + describe(e));
        }
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> invoke();
            case 3, 4 -> burst(1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 4));
            case 5 -> trySchedule();
            case 6 -> thread();
            case 7 -> fail();
            case 8 -> large();
            case 9 -> linger();
            case 10 -> cancelOne();
            case 11 -> interruptOne();
            case 12 -> awaitBriefly();
            case 13 -> wrap();
            case 14 -> bounce();
            default -> settleSome();
        }
    }

    // ---- steps

    private void invoke() {
        long key = next++;
        String to = run;
        ask(key, true, () -> {
            long result = process.<Long, RuntimeException>invoke(() -> Ledger.give(to, key));
            expect(key, result);
        });
    }

    private void burst(int count) {
        String to = run;
        for (int i = 0; i < count; i++) {
            long key = next++;
            send(key, false, true, () -> process.schedule(() -> Ledger.give(to, key)));
        }
    }

    private void trySchedule() {
        long key = next++;
        String to = run;
        try {
            Optional<Task<Long>> task = process.trySchedule(() -> Ledger.give(to, key));
            task.ifPresentOrElse(
                    there -> open.add(new Sent(key, line, there, false, true)),
                    () -> report.add(key, line.number, true, Outcome.REFUSED));
        } catch (RuntimeException e) {
            notSent(key, true, e);
        }
    }

    private void thread() {
        long key = next++;
        String to = run;
        send(key, false, false, () -> process.thread(() -> Ledger.give(to, key)));
    }

    private void fail() {
        long key = next++;
        String to = run;
        send(key, true, true, () -> process.schedule(() -> Ledger.fail(to, key)));
    }

    private void linger() {
        long key = next++;
        int micros = random.nextInt(500);
        String to = run;
        Call<Long, InterruptedException> call = () -> Ledger.linger(to, key, micros);
        boolean queued = random.nextBoolean();
        send(key, false, queued, () -> queued ? process.schedule(call) : process.thread(call));
    }

    private void large() {
        long key = next++;
        String to = run;
        long[] numbers = new long[1 + random.nextInt(random.nextInt(8) == 0 ? 40_000 : 600)];
        Arrays.setAll(numbers, i -> i ^ key);
        ask(key, true, () -> {
            long[] answer = process.<long[], RuntimeException>invoke(() -> Ledger.large(to, key, numbers));
            expect(key, answer[0]);
            answer[0] = numbers[0];
            if (!Arrays.equals(answer, numbers)) {
                violation(key, "another array came back");
            }
        });
    }

    private void wrap() {
        long key = next++;
        String to = run;
        ask(key, true, () -> {
            try (Proxy<Long> kept = process.wrap(() -> Ledger.give(to, key))) {
                expect(key, kept.get());
                if (random.nextBoolean()) {
                    expect(key, kept.<Long, RuntimeException>call(number -> number + 1) - 1);
                }
            }
        });
    }

    private void bounce() {
        Proxy<Ledger.Partner> here = line.there;
        Proxy<Ledger.Partner> there = line.here;
        if (here == null || there == null) {
            invoke();
            return;
        }
        long key = next++;
        int depth = random.nextInt(4);
        String to = run;
        ask(key, false, () -> {
            long result = process.<Long, RuntimeException>invoke(() -> Ledger.bounce(to, key, here, there, depth));
            expect(key, result);
            int calls = there.get().calls(key); // it is an object of this process
            if (calls != (depth + 1) / 2) {
                violation(key, "called back " + calls + " times instead of " + (depth + 1) / 2);
            }
            report.calledBack(calls);
        });
    }

    private void cancelOne() {
        if (!open.isEmpty()) {
            Sent sent = open.get(random.nextInt(open.size()));
            if (sent.task.cancel(random.nextInt(3) > 0)) {
                sent.cancelled = true;
            }
        }
    }

    private void interruptOne() {
        if (!open.isEmpty()) {
            Sent sent = open.get(random.nextInt(open.size()));
            sent.interrupted = true;
            sent.task.interrupt();
        }
    }

    private void awaitBriefly() {
        if (!open.isEmpty()) {
            Sent sent = open.get(random.nextInt(open.size()));
            try {
                sent.task.await(Duration.ofNanos(random.nextInt(300_000)));
            } catch (TaskTimeoutException e) {
                return; // it goes on
            } catch (RuntimeException e) {
                // it has ended, which settle() looks at
            }
            open.remove(sent);
            settle(sent);
        }
    }

    private void settleSome() {
        for (int i = random.nextInt(8); i > 0 && !open.isEmpty(); i--) {
            settle(open.remove(random.nextInt(open.size())));
        }
    }

    // ---- what must become of tasks

    private interface Ask {
        void now();
    }

    private interface Send {
        Task<Long> now();
    }

    /** Does something that is waited for; it has run when it has given what it should, else perhaps. */
    private void ask(long key, boolean queued, Ask ask) {
        try {
            ask.now();
            report.add(key, line.number, queued, Outcome.DONE);
        } catch (RuntimeException e) {
            if (!line.mayLose() || !isEnd(e)) {
                violation(key, describe(e));
            }
            report.add(key, line.number, queued, Outcome.LOST);
        }
    }

    private void send(long key, boolean fails, boolean queued, Send send) {
        try {
            open.add(new Sent(key, line, send.now(), fails, queued));
        } catch (RuntimeException e) {
            notSent(key, queued, e);
        }
    }

    /** It may have been sent all the same: the connection was lost after it. */
    private void notSent(long key, boolean queued, RuntimeException e) {
        if (!line.mayLose() || !isEnd(e)) {
            violation(key, "was not sent: " + describe(e));
        }
        report.add(key, line.number, queued, Outcome.LOST);
    }

    private void expect(long key, long result) {
        if (result != Ledger.value(key)) {
            violation(key, "gave " + result + " instead of " + Ledger.value(key));
        }
    }

    private void settle(Sent sent) {
        Outcome outcome = outcome(sent);
        if (!sent.task.isDone()) {
            return; // which was told
        }
        if (outcome(sent) != outcome) {
            violation(sent.key, "ended twice: as " + outcome + " and as " + outcome(sent));
        }
        int ends = sent.awaitEnds(limit);
        if (ends != 1) {
            violation(sent.key, "its future told " + ends + " ends");
        }
        report.add(sent.key, line.number, sent.queued, outcome);
    }

    private Outcome outcome(Sent sent) {
        long key = sent.key;
        try {
            long result = sent.task.await(limit);
            expect(key, result);
            if (sent.fails || sent.cancelled) {
                violation(key, "gave a result, though it " + (sent.fails ? "fails" : "was cancelled"));
            }
            return Outcome.DONE;
        } catch (TaskTimeoutException e) {
            violation(key, "hangs");
            return Outcome.LOST;
        } catch (TaskCancelledException e) {
            return legal(sent.cancelled, key, Outcome.CANCELLED, e);
        } catch (TaskInterruptedException e) {
            return legal(sent.interrupted || sent.cancelled, key, Outcome.INTERRUPTED, e);
        } catch (Ledger.Intended e) {
            return legal(sent.fails && e.key == key, key, Outcome.DONE, e);
        } catch (RuntimeException e) {
            return legal(line.mayLose() && isEnd(e), key, Outcome.LOST, e);
        }
    }

    private Outcome legal(boolean isLegal, long key, Outcome outcome, RuntimeException e) {
        if (!isLegal) {
            violation(key, "ended as " + outcome + ": " + describe(e));
        }
        return outcome;
    }

    private void violation(long key, String what) {
        report.violation("task " + key + " of connection " + line.number + " (" + line.fault + ") " + what);
    }

    /** Whether an exception says clearly that the connection has ended. */
    static boolean isEnd(Throwable e) {
        return e instanceof ConnectionException || e instanceof SlaveClosedException || e instanceof SlaveDiedException;
    }

    /** An exception in one line, with its causes and where it came from. */
    static String describe(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = e; at != null; at = at.getCause()) {
            StackTraceElement[] stack = at.getStackTrace();
            text.append(text.length() == 0 ? "" : "; because of ").append(at);
            for (int i = 0; i < Math.min(6, stack.length); i++) {
                text.append(i == 0 ? " at " : " < ").append(stack[i]);
            }
        }
        return text.toString();
    }
}
