// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** One whose customer does not close its connection in the middle. */
    private static final long SEED = 1;

    private static final int DONE = 0; // ordinals of outcomes
    private static final int REFUSED = 4;

    private static List<String> run(Fault fault, int steps, Duration limit) {
        String name = "planted-" + COUNT.incrementAndGet();
        return new Episode(name, Plan.of(SEED, fault, steps, limit), "faulty-mem:" + name).run();
    }

    /** Whether any of the first frames, spoilt, is told as something. */
    private static List<String> find(Fault.Kind kind, Duration limit, String what) {
        List<String> found = new ArrayList<>();
        for (int frame = 2; frame < 20 && found.isEmpty(); frame++) {
            for (String violation : run(new Fault(kind, true, frame, 0), 20, limit)) {
                if (violation.contains(what)) {
                    found.add(violation);
                }
            }
        }
        return found;
    }

    @Test
    void aWakeUpThatIsLostIsFound() {
        assertThat(find(Fault.Kind.FORGET, Duration.ofSeconds(1), "hang")).isNotEmpty();
    }

    @Test
    void aRequestThatIsSentTwiceIsFound() {
        assertThat(find(Fault.Kind.FORGE, Plan.LIMIT, "ran 2 times")).isNotEmpty();
    }

    @Test
    void whatWasNotPlantedIsNotFound() {
        assertThat(run(Fault.NONE, 20, Plan.LIMIT)).isEmpty();
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
