// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.slave;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ProviderException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.tck.LauncherRules;

/** Launchers of others, by the rules and by the option. */
@Timeout(120)
class LauncherTest extends LauncherRules {
    @Override
    protected MarkingLauncher launcher() {
        return new MarkingLauncher();
    }

    private static boolean isMarked(SlaveOptions options) {
        try (SlaveProcess slave = slave(options)) {
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            return MarkingLauncher.STARTED.contains(slave.pid());
        }
    }

    @Test
    void theOptionNamesIt() {
        SlaveOptions.Builder options = SlaveOptions.builder();
        assertThat(isMarked(options.build()))
                .as("by that of the highest priority")
                .isFalse();
        assertThat(isMarked(options.launcher("local").build())).isFalse();
        assertThat(isMarked(options.launcher(MarkingLauncher.NAME).build())).isTrue();
    }

    @Test
    void oneThatIsMissingIsNamedWithThoseThatThereAre() {
        SlaveOptions options = SlaveOptions.builder().launcher("rocket").build();
        assertThatThrownBy(() -> slave(options))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("no launcher \"rocket\"; module path and class path have [")
                .hasMessageContaining("local")
                .hasMessageContaining(MarkingLauncher.NAME);
    }
}
