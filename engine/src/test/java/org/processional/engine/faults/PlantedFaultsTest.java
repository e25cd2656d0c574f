// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.tck.faults.Check;
import org.processional.tck.faults.Episode;
import org.processional.tck.faults.Fault;
import org.processional.tck.faults.Plan;

/** Faults that are planted behind the back of the engine are found: a harness that finds nothing proves nothing. */
@Timeout(300)
class PlantedFaultsTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /**
     * One whose customer does not close its connection in the middle, and neither interrupts nor cancels in its first
     * steps: whether a frame goes out for that depends on whether the task has ended, and all later ones have another
     * number then.
     */
    private static final long SEED = 2184;

    private static final int STEPS = 20;
    private static final int REPETITIONS = 3;
    private static final int ATTEMPTS = 20;

    /** The frames before it are those of the greeting. */
    private static final int GREETED = 2;

    /** At the frames before it, threads of the engine meet that begin, and which is the first one is not in the seed. */
    private static final int SETTLED = 6;

    /** Who waits longer hangs; long enough for what is not spoilt. */
    private static final Duration SOON = Duration.ofMillis(500);

    private enum Direction {
        TO_SERVER,
        FROM_SERVER
    }

    private record Found(Fault fault, List<String> violations) {}

    private static final int DONE = 0; // ordinals of outcomes
    private static final int REFUSED = 4;

    private static List<String> run(Fault fault, int steps, Duration limit) {
        String name = "planted-" + COUNT.incrementAndGet();
        return new Episode(name, Plan.of(SEED, fault, steps, limit), "faulty-mem:" + name).run();
    }

    /** One for each of some frames. */
    private static List<Fault> faults(Fault.Kind kind, Direction direction, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(frame -> new Fault(kind, direction == Direction.TO_SERVER, frame, 0))
                .toList();
    }

    /** The first fault that is told as something, and what is told of it. */
    private static Found find(Fault.Kind kind, Direction direction, Duration limit, String what) {
        for (Fault fault : faults(kind, direction, SETTLED, 24)) {
            List<String> told = told(fault, limit, what);
            if (!told.isEmpty()) {
                return new Found(fault, told);
            }
        }
        throw new AssertionError(
                kind + " " + direction + " was not found: no run has a violation with the words \"" + what + "\"");
    }

    private static List<String> told(Fault fault, Duration limit, String what) {
        return run(fault, STEPS, limit).stream()
                .filter(violation -> violation.contains(what))
                .toList();
    }

    /** The same plan again tells the same, in the same words. */
    private static void findAgain(Found found, String what) {
        for (int i = 0; i < REPETITIONS; i++) {
            assertThat(told(found.fault(), Plan.LIMIT, what))
                    .as("%s, again", found)
                    .isEqualTo(found.violations());
        }
    }

    /** Mostly at once; but another thread that happens to flush can come to the rescue. */
    @Test
    void aWakeUpThatIsLostIsFound() {
        Found found = find(Fault.Kind.FORGET, Direction.TO_SERVER, SOON, "hang");
        assertThat(IntStream.range(0, ATTEMPTS)
                        .anyMatch(i -> !told(found.fault(), SOON, "hang").isEmpty()))
                .as("%s, again", found)
                .isTrue();
    }

    @Test
    void aRequestThatIsSentTwiceIsFound() {
        Found found = find(Fault.Kind.FORGE, Direction.TO_SERVER, Plan.LIMIT, "ran 2 times");
        findAgain(found, "ran 2 times");
    }

    @Test
    void anAnswerThatIsGivenToAnotherTaskTooIsFound() {
        Found found = find(Fault.Kind.ECHO, Direction.FROM_SERVER, Plan.LIMIT, "instead of");
        findAgain(found, "instead of");
    }

    /** Its task has ended, and nobody waits for it any more. */
    @Test
    void anAnswerThatComesTwiceToItsOwnTaskDoesNoHarm() {
        for (Fault fault : faults(Fault.Kind.FORGE, Direction.FROM_SERVER, GREETED, 20)) {
            assertThat(run(fault, STEPS, Plan.LIMIT)).as("%s", fault).isEmpty();
        }
    }

    @Test
    void aSeedHasOnePlan() {
        List<Plan> plans = LongStream.range(0, 1000).mapToObj(Plan::of).toList();
        assertThat(LongStream.range(0, 1000).mapToObj(Plan::of)).isEqualTo(plans);
        assertThat(plans).doesNotHaveDuplicates();
    }

    @Test
    void whatWasNotPlantedIsNotFound() {
        assertThat(run(Fault.NONE, STEPS, Plan.LIMIT)).isEmpty();
    }

    private static long[] task(long key, int outcome) {
        return new long[] {key, 0, 1, outcome};
    }

    @Test
    void theModelKnowsWhatMustNotBe() {
        assertThat(Check.violations(List.of(task(1, DONE), task(2, DONE)), List.of(1L, 2L)))
                .isEmpty();
        assertThat(Check.violations(List.of(task(1, DONE), task(1, DONE)), List.of(1L)))
                .containsExactly("task 1 ended twice");
        assertThat(Check.violations(List.of(task(1, DONE)), List.of()))
                .containsExactly("task 1 ended as DONE and ran 0 times");
        assertThat(Check.violations(List.of(task(1, REFUSED)), List.of(1L)))
                .containsExactly("task 1 ended as REFUSED and ran 1 times");
        assertThat(Check.violations(List.of(task(1, DONE), task(2, DONE)), List.of(2L, 1L)))
                .containsExactly("task 1 began after task 2, which was scheduled later");
    }
}
