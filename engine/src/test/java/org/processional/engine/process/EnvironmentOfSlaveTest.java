// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.SlaveOptions;

class EnvironmentOfSlaveTest {
    private static final String PORT = "-Dcom.sun.management.jmxremote.port=9999";

    private static Map<String, String> inherited(String variable, String flags) {
        return EnvironmentOfSlave.of(Map.of(variable, flags), SlaveOptions.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void debuggerAgentsAndPortsStayHere(String variable) {
        String flags = " -Da=1 -agentlib:jdwp=transport=dt_socket,server=y,address=4711 -Xdebug -Xrunjdwp:server=y\t"
                + "-javaagent:/a.jar=port=8080 -agentpath:/b.so -agentlib:hprof " + PORT
                + " -Dcom.sun.management.jmxremote.ssl=false -Xmx1g ";
        assertThat(inherited(variable, flags)).containsExactly(Map.entry(variable, "-Da=1 -Xmx1g"));
        assertThat(inherited(variable, PORT)).isEmpty();
    }

    @Test
    void quotesHoldAFlagTogether() {
        String flags = "-Da='x  -javaagent:y' \"-javaagent:/with space/a.jar\" -javaagent:'/b b.jar' '-Db=1 2'";
        assertThat(inherited("JDK_JAVA_OPTIONS", flags))
                .containsExactly(Map.entry("JDK_JAVA_OPTIONS", "-Da='x  -javaagent:y' '-Db=1 2'"));
    }

    @Test
    void whatTheOptionSetsIsTakenAsItIs() {
        SlaveOptions options = SlaveOptions.builder()
                .environment(Map.of("JAVA_TOOL_OPTIONS", PORT))
                .build();
        assertThat(EnvironmentOfSlave.of(Map.of("JAVA_TOOL_OPTIONS", "-javaagent:/a.jar", "OTHER", PORT), options))
                .containsExactlyInAnyOrderEntriesOf(Map.of("JAVA_TOOL_OPTIONS", PORT, "OTHER", PORT));
    }
}
