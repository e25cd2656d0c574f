// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JnrLoaderTest {
    @TempDir
    Path directory;

    @Test
    void pathsWorkWithoutJnr() throws Exception {
        try (Jvm jvm = Jvm.startBare(List.of(), List.of(), "roundtrip", "unix:" + directory.resolve("s"))) {
            assertThat(jvm.lines()).containsExactly("frame of 7");
        }
    }

    @Test
    void abstractNamesWithoutJnrTellWhatToAdd() throws Exception {
        for (String address : List.of("unix:@processional-test-missing", "unix:/tmp/s?provider=jnr")) {
            try (Jvm jvm = Jvm.startBare(List.of(), List.of(), "roundtrip", address)) {
                assertThat(String.join("\n", jvm.lines()))
                        .contains(address)
                        .contains("com.github.jnr:jnr-unixsocket")
                        .contains("--add-modules org.jnrproject.unixsocket");
            }
        }
    }

    @Test
    void pathsLoadNoClassOfJnr() throws Exception {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (Jvm jvm =
                Jvm.start(List.of(), all, List.of("-Xlog:class+load"), "roundtrip", "unix:" + directory.resolve("s"))) {
            List<String> lines = jvm.lines();
            assertThat(lines).contains("frame of 7");
            assertThat(lines).anyMatch(line -> line.contains("JdkSockets"));
            assertThat(lines).noneMatch(line -> line.contains(" jnr.") || line.contains("JnrSockets"));
        }
    }
}
