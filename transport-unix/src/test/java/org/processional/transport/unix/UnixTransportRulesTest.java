// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The rules of transports, over the JDK's channels, jnr's, and abstract names. */
class UnixTransportRulesTest {
    /** The rules at addresses of one kind. */
    abstract static class Rules extends PollableTransportRules {
        private final Kind kind;

        @TempDir
        Path folder;

        Rules(Kind kind) {
            this.kind = kind;
        }

        @Override
        protected PollableTransport transport() {
            return new UnixTransport();
        }

        @Override
        protected Address address() {
            return kind.address(folder);
        }

        @Override
        protected int rounds(int full) {
            return Rounds.of(full);
        }

        @Override
        protected Optional<List<String>> otherJvm() {
            return super.otherJvm().map(Rules::withNativeAccess);
        }

        private static List<String> withNativeAccess(List<String> java) {
            List<String> line = new ArrayList<>(java);
            if (Runtime.version().feature() >= 24) {
                line.add(1, "--enable-native-access=ALL-UNNAMED"); // jnr; else a warning in the output
            }
            return line;
        }

        @Override
        protected List<String> leftBehind() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(Path::toString).toList();
            }
        }
    }

    @Nested
    class OverTheChannelsOfTheJdk extends Rules {
        OverTheChannelsOfTheJdk() {
            super(Kind.JDK);
        }
    }

    @Nested
    class OverJnr extends Rules {
        OverJnr() {
            super(Kind.JNR);
        }
    }

    @Nested
    class AtAbstractNames extends Rules {
        AtAbstractNames() {
            super(Kind.ABSTRACT);
        }
    }
}
