// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Two connected ends in this JVM. */
record Pair(UnixListener listener, UnixConnection client, UnixConnection server) implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    static Pair open(Kind kind, Path directory) throws IOException {
        UnixTransport transport = new UnixTransport();
        UnixListener listener = transport.listen(kind.address(directory));
        UnixConnection client = transport.connect(listener.address(), LONG);
        UnixConnection server = listener.accept(LONG);
        assertThat(server).isNotNull();
        return new Pair(listener, client, server);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
