// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/**
 * Runs a test class over one transport after the other: the system property names it to this process and to the JVMs
 * that it starts.
 */
@Timeout(300)
abstract class OverTransports {
    static final String PROPERTY = "processional.transport";

    private static final String JNR = "jnr";

    private static final List<String> ALL = List.of("unix", "shm", "tcp");

    @Parameter
    String transport;

    @TempDir
    Path folder;

    private final Map<String, String> addresses = new HashMap<>();

    /** All transports under {@code -Pfull}, else the one that is the default. */
    static List<String> allIfFull() {
        return Rounds.FULL ? ALL : List.of("shm");
    }

    /** The same, and Unix sockets by jnr-unixsocket, for those that start their slaves with {@link #newSlave}. */
    static List<String> allAndJnrIfFull() {
        return Rounds.FULL ? List.of("unix", JNR, "shm", "tcp") : List.of("shm");
    }

    @BeforeParameterizedClassInvocation
    static void choose(String transport) {
        System.setProperty(PROPERTY, transport.equals(JNR) ? "unix" : transport);
    }

    /** A slave; over jnr-unixsocket at an abstract name, which the JDK's sockets do not know. */
    static SlaveProcess newSlave(String transport) {
        String name = "unix:@processional-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        return transport.equals(JNR)
                ? slave(SlaveOptions.builder().address(name).build())
                : slave();
    }

    @AfterParameterizedClassInvocation
    static void chooseNone() {
        System.clearProperty(PROPERTY);
    }

    /** The address that goes by a name in this test. */
    String address(String name) {
        return addresses.computeIfAbsent(
                name, n -> transport.equals("tcp") ? tcp() : transport + ":" + folder.resolve(n));
    }

    private String tcp() {
        try {
            return provider("tcp").freshAddress() + "?secret-file=" + secretFile();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The transport with a scheme. */
    static Transport provider(String scheme) {
        return Providers.find(Transport.class).providers().stream()
                .filter(each -> each.scheme().equals(scheme))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no transport " + scheme));
    }

    /** In the folder of the build, which is emptied with it: that of the test is empty in the end. */
    private Path secretFile() {
        return Path.of("target").toAbsolutePath().resolve(folder.getFileName() + "-secret");
    }
}
