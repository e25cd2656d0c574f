// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.processional.SlaveOptions;

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
}
