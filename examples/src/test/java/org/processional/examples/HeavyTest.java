// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeavyTest {
    @Test
    void theSumIsThatOfTheOriginal() {
        assertThat(Heavy.sum(Heavy.range(1_000_000))).isEqualTo(499_999_500_000L);
    }

    @Test
    void theProductBeginsWithZero() {
        assertThat(Heavy.product(Heavy.range(1_000_000))).isZero();
    }

    @Test
    void theProductMultiplies() {
        assertThat(Heavy.product(Heavy.range(5).subList(1, 5))).isEqualTo(24);
    }
}
