// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.spi.Launcher;

/** What is left of a slave that could not be started. */
@Timeout(60)
class SlaveJvmTest {
    private static Set<String> argumentFiles() {
        String[] names = new File(System.getProperty("java.io.tmpdir"))
                .list((folder, name) -> name.startsWith("processional-") && name.endsWith(".arguments"));
        return Set.of(names == null ? new String[0] : names);
    }

    @Test
    void theFileOfALongCommandGoesWithACommandThatCannotBeStarted() {
        Set<String> before = argumentFiles();
        List<String> line =
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-D" + "x".repeat(100_000));
        Launcher.Command command = new Launcher.Command(line, Map.of("NO=NAME", "value"), null, false);
        StartOrders orders = StartOrdersTest.orders("");
        assertThatThrownBy(() -> SlaveJvm.start(SlaveOptions.defaults(), orders, command))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(argumentFiles()).isSubsetOf(before);
    }
}
