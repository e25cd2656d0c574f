// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ComplaintsTest {
    @Test
    void afterTenLinesOnlyTheirNumberIsTold() {
        Complaints complaints = new Complaints();
        long now = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(complaints.admit(now)).isEmpty();
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(complaints.admit(now)).isNull();
        }
        long later = now + 61_000_000_000L;
        assertThat(complaints.admit(later)).contains("1000 more");
        assertThat(complaints.admit(later)).isEmpty();
    }
}
