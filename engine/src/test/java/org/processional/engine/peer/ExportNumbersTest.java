// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nobody guesses the number of an object from another's. */
class ExportNumbersTest {
    @Test
    void numbersAreNotInOrderAndUseAllBits() {
        ExportNumbers numbers = new ExportNumbers();
        Set<Long> seen = new HashSet<>();
        long ones = 0;
        long zeros = 0;
        int near = 0;
        long before = 0;
        for (int i = 0; i < 10_000; i++) {
            long number = numbers.next();
            assertThat(number).isPositive();
            assertThat(seen.add(number)).as("a new one").isTrue();
            ones |= number;
            zeros |= ~number;
            near += Math.abs(number - before) < 1L << 32 ? 1 : 0;
            before = number;
        }
        assertThat(ones).as("each bit but that of the sign is set in some").isEqualTo(Long.MAX_VALUE);
        assertThat(zeros).as("each bit is clear in some").isEqualTo(-1);
        assertThat(near).as("numbers that lie near the one before").isLessThan(3);
    }
}
