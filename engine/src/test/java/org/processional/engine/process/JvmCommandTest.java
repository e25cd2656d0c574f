// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;

class JvmCommandTest {
    private static final String TRIM = "-XX:TrimNativeHeapInterval=";

    private static List<String> trimFlags(SlaveOptions options) {
        return JvmCommand.of(options, "unix").command().line().stream()
                .filter(flag -> flag.startsWith(TRIM))
                .toList();
    }

    @Test
    void memoryOfTheCLibraryIsGivenBackWhereTheJvmCan() {
        boolean can = Runtime.version().feature() >= 25
                && System.getProperty("os.name").equals("Linux");
        assertThat(trimFlags(SlaveOptions.defaults())).hasSize(can ? 1 : 0);
    }

    @Test
    void theLastWordIsTheUsers() {
        SlaveOptions options = SlaveOptions.builder().flags(TRIM + "0").build();
        assertThat(trimFlags(options)).last().isEqualTo(TRIM + "0");
    }

    @Test
    void anImageWithoutCommandsIsToldFromAFolderWithoutJava(@TempDir Path home) throws IOException {
        SlaveOptions options = SlaveOptions.builder().javaHome(home).build();
        assertThatThrownBy(() -> JvmCommand.of(options, "unix"))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("no java at " + home)
                .hasMessageNotContaining("jpackage");
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("modules"));
        assertThatThrownBy(() -> JvmCommand.of(options, "unix"))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("no java at " + home)
                .hasMessageContaining("--jlink-options \"--strip-debug --no-man-pages --no-header-files\"");
    }
}
