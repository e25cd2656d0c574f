// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.processional.Waiting;

class SpinBudgetTest {
    @Test
    void theFixedWaysDoNotLearn() {
        SpinBudget park = new SpinBudget(Waiting.PARK);
        SpinBudget spin = new SpinBudget(Waiting.SPIN);
        for (int i = 0; i < 100; i++) {
            park.observed(1_000, 0);
            spin.observed(1_000_000, 0);
        }
        assertThat(park.nanos()).isZero();
        assertThat(spin.nanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(new SpinBudget(Waiting.YIELD).yields()).isTrue();
    }

    @Test
    void whoHasNotWaitedForLongKnowsThatTheOtherEndSleeps() {
        SpinBudget budget = new SpinBudget(Waiting.SPIN_THEN_PARK);
        long end = System.nanoTime() + 1_000_000;
        budget.observed(1_000, end);
        assertThat(budget.wasQuiet(end + 100_000)).isFalse();
        assertThat(budget.wasQuiet(end + 1_000_000)).isTrue();
        SpinBudget park = new SpinBudget(Waiting.PARK);
        park.observed(1_000, end);
        assertThat(park.wasQuiet(end + 1_000_000)).isFalse();
    }

    @Test
    void spinsInVainTakeTheBudgetAndQuickAnswersBringItBack() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
        SpinBudget budget = new SpinBudget(Waiting.SPIN_THEN_PARK);
        assertThat(budget.nanos()).isPositive();
        int spins = 0;
        for (int i = 0; i < 10_000; i++) {
            spins += budget.nanos() > 0 ? 1 : 0;
            budget.observed(1_000_000, 0);
        }
        assertThat(spins).isBetween(100, 10_000 / 10); // a probe now and then
        while (budget.nanos() == 0) {
            budget.observed(1_000_000, 0);
        }
        budget.observed(1_000, 0);
        assertThat(budget.nanos()).isPositive();
    }
}
