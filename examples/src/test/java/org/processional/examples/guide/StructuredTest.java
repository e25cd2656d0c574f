// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/** The example with a scope, which is a preview of one version of Java and another one in the next. */
@Timeout(120)
class StructuredTest {
    @Test
    @EnabledOnJre(JRE.JAVA_25)
    void subtasksOfAScopeCallASlave() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-preview",
                        "--source",
                        "25",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Path.of("src", "preview", "java", "Structured.java").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed).contains("the squares add up to 14");
    }
}
