// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InheritedFlagsTest {
    private static List<String> inherited(String... flags) {
        return InheritedFlags.of(List.of(flags), Runtime.version().feature(), true);
    }

    @Test
    void foldersAreInheritedAndAbsolute() {
        String here = Path.of("").toAbsolutePath().toString();
        assertThat(inherited("-Djava.io.tmpdir=/var/a b", "-Dprocessional.cache=cache", "-Dprocessional.cache="))
                .containsExactly(
                        "-Djava.io.tmpdir=/var/a b",
                        "-Dprocessional.cache=" + here + "/cache",
                        "-Dprocessional.cache=");
    }

    @Test
    void agentsHeapAndOtherPropertiesAreNot() {
        assertThat(inherited(
                        "-javaagent:/a.jar",
                        "-agentlib:jdwp=server=y",
                        "-Dcom.sun.management.jmxremote.port=9999",
                        "-Xmx1g",
                        "-Djava.io.tmpdirs=/x",
                        "-Dmine=1"))
                .isEmpty();
    }
}
