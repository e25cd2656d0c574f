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
import org.processional.spi.Launcher;
import org.processional.tck.LauncherRules;

/** The rules of launchers. */
class LocalLauncherTest extends LauncherRules {
    @Override
    protected Launcher launcher() {
        return new LocalLauncher();
    }

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
        assertThatThrownBy(() -> launcher().launch(new Launcher.Command(line, Map.of("NO=NAME", "value"), null, false)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(argumentFiles()).isSubsetOf(before);
    }
}
