// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The rules of transports, over rings. */
class ShmTransportRulesTest extends PollableTransportRules {
    private static final String NUMBER = Long.toString(ProcessHandle.current().pid());

    @TempDir
    Path folder;

    private int addresses;

    @Override
    protected PollableTransport transport() {
        return new ShmTransport();
    }

    @Override
    protected Address address() {
        return Address.parse("shm:" + folder.resolve("s" + ++addresses));
    }

    @Override
    protected int rounds(int full) {
        return Rounds.of(full);
    }

    @Override
    protected List<String> leftBehind() throws IOException {
        try (Stream<Path> sockets = Files.list(folder);
                Stream<Path> rings = Files.list(Path.of("/dev/shm"))) {
            Stream<Path> ours =
                    rings.filter(ring -> ring.getFileName().toString().startsWith("processional-ring-")
                            && ring.toString().contains("-" + NUMBER + "-"));
            return Stream.concat(sockets, ours).map(Path::toString).toList();
        }
    }
}
