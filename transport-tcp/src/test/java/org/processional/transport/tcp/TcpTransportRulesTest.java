// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The rules of transports, in the clear and with TLS; the secret is the engine's. */
class TcpTransportRulesTest {
    /** The rules over this transport. */
    abstract static class Rules extends PollableTransportRules {
        @Override
        protected PollableTransport transport() {
            return new TcpTransport();
        }

        @Override
        protected int rounds(int full) {
            return Rounds.of(full);
        }
    }

    @Nested
    class InTheClear extends Rules {}

    @Nested
    class WithTls extends Rules {
        @TempDir
        private static Path folder;

        private static TestKeys keys;

        @BeforeAll
        static void makeKeys() throws Exception {
            keys = new TestKeys(folder).make("both", "-ext", "san=ip:127.0.0.1");
        }

        @Override
        protected Address address() throws IOException {
            String fresh = transport().freshAddress().target();
            String port = fresh.substring(fresh.lastIndexOf(':'));
            return Address.parse("tcp://127.0.0.1" + port + keys.options("both", "both"));
        }

        @Override
        protected boolean endsMeetFirst() {
            return true;
        }
    }
}
