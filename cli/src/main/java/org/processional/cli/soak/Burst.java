// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveFullException;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;

/**
 * Some tasks that are pending at once: sent here, awaited here, and counted.
 *
 * <p><b>Threads:</b> one thread.
 */
final class Burst {
    /** A task that takes longer has been lost. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private record Pending(Task<?> task, @Nullable Object expected, Set<Outcome> allowed) {}

    private final Ledger ledger;
    private final String what;
    private final Set<Outcome> further; // what may happen to each of them
    private final List<Pending> pending = new ArrayList<>();
    private Duration limit = LONGEST; // nothing, once a task has been lost

    /**
     * Begins a burst.
     *
     * @param what whose tasks they are, for messages
     * @param further how tasks may end besides what is said of each
     */
    Burst(Ledger ledger, String what, Outcome... further) {
        this.ledger = ledger;
        this.what = what;
        this.further = EnumSet.noneOf(Outcome.class);
        this.further.addAll(List.of(further));
    }

    /** Sends a task that returns something known. */
    void returning(@Nullable Object expected, Supplier<? extends Task<?>> how) {
        send(how, expected, EnumSet.of(Outcome.RETURNED), task -> {});
    }

    /** Sends a task that throws a {@link PlannedException}. */
    void throwing(Supplier<? extends Task<?>> how) {
        send(how, null, EnumSet.of(Outcome.THREW), task -> {});
    }

    /** Sends a task that returns something known, and cancels it. */
    void cancelled(@Nullable Object expected, Supplier<? extends Task<?>> how) {
        send(how, expected, EnumSet.of(Outcome.RETURNED, Outcome.CANCELLED), Task::cancel);
    }

    /** Sends a task that returns something known, and interrupts it. */
    void interrupted(@Nullable Object expected, Supplier<? extends Task<?>> how) {
        send(how, expected, EnumSet.of(Outcome.RETURNED, Outcome.INTERRUPTED), Task::interrupt);
    }

    private void send(
            Supplier<? extends Task<?>> how, @Nullable Object expected, Set<Outcome> allowed, Consumer<Task<?>> then) {
        allowed.addAll(further);
        ledger.sent();
        try {
            Task<?> task = how.get();
            pending.add(new Pending(task, expected, allowed));
            then.accept(task);
        } catch (RuntimeException e) {
            ledger.ended(Outcome.REFUSED);
            if (outcome(e) == Outcome.OTHER || !allowed.contains(Outcome.REFUSED)) {
                ledger.wrong(what + ": not sent: " + e);
            }
        }
    }

    /** Calls something that waits for its own result, and counts it as a task. */
    void invoked(@Nullable Object expected, Supplier<?> call) {
        Set<Outcome> allowed = EnumSet.of(Outcome.RETURNED);
        allowed.addAll(further);
        ledger.sent();
        count(call, expected, allowed);
    }

    /** Waits until all have ended. */
    void settle() {
        for (Pending one : pending) {
            count(() -> one.task().await(limit), one.expected(), one.allowed());
        }
        pending.clear();
    }

    private void count(Supplier<?> wait, @Nullable Object expected, Set<Outcome> allowed) {
        Outcome outcome;
        RuntimeException failure = null;
        try {
            Object result = wait.get();
            outcome = Outcome.RETURNED;
            if (!Objects.equals(result, expected)) {
                ledger.wrong(what + ": got " + result + ", not " + expected);
            }
        } catch (TaskTimeoutException e) {
            ledger.wrong(what + ": a task has not ended within " + LONGEST);
            limit = Duration.ZERO;
            return; // and is missing in the balance
        } catch (RuntimeException e) {
            outcome = outcome(e);
            failure = e;
        }
        ledger.ended(outcome);
        if (!allowed.contains(outcome)) {
            ledger.wrong(what + ": " + outcome + ", not one of " + allowed + ": " + failure);
        }
    }

    private static Outcome outcome(RuntimeException e) {
        if (e instanceof PlannedException) {
            return Outcome.THREW;
        } else if (e instanceof TaskCancelledException) {
            return Outcome.CANCELLED;
        } else if (e instanceof TaskInterruptedException) {
            return Outcome.INTERRUPTED;
        } else if (e instanceof SlaveDiedException) {
            return Outcome.DIED;
        } else if (e instanceof SlaveClosedException) {
            return Outcome.CLOSED;
        } else if (e instanceof ConnectionException) {
            return Outcome.LOST;
        }
        return e instanceof SlaveFullException ? Outcome.REFUSED : Outcome.OTHER;
    }
}
