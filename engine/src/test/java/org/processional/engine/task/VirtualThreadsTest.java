// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(30)
class VirtualThreadsTest {
    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void thereAreNoneBefore21() {
        assertThat(VirtualThreads.isCurrent()).isFalse();
        assertThatThrownBy(() -> VirtualThreads.make("name", () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("21");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void theyAreKnownFrom21On() throws Exception {
        boolean[] virtual = new boolean[1];
        Thread thread = VirtualThreads.make("name", () -> virtual[0] = VirtualThreads.isCurrent());
        thread.start();
        thread.join();
        assertThat(virtual[0]).isTrue();
        assertThat(thread.getName()).isEqualTo("name");
        assertThat(VirtualThreads.isCurrent()).isFalse();
    }
}
