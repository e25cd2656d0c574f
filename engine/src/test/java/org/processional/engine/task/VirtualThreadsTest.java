// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualThreadsTest {
    @Test
    void thereAreNoneBefore21AndTheyAreKnownFromThenOn() throws Exception {
        assertThat(VirtualThreads.isCurrent()).isFalse();
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> VirtualThreads.make("name", () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("21");
            return;
        }
        boolean[] virtual = new boolean[1];
        Thread thread = VirtualThreads.make("name", () -> virtual[0] = VirtualThreads.isCurrent());
        thread.start();
        thread.join();
        assertThat(virtual[0]).isTrue();
        assertThat(thread.getName()).isEqualTo("name");
    }
}
