// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ServiceLoader;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.Transport;

/**
 * Frames over a transport of ours, without the engine: so many of a length go to another JVM, and a short one comes back
 * when they are all there.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class FrameStream implements Way {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final Connection connection;
    private final ByteBuffer frame;
    private final int count;
    private long answers;

    FrameStream(Pair pair, String scheme, int length, int count) throws Exception {
        frame = ByteBuffer.allocateDirect(length);
        this.count = count;
        Transport transport = transport(scheme);
        try (Listener listener = transport.listen(transport.freshAddress())) {
            pair.start(scheme, listener.address().toString(), place -> serve(scheme, place, count));
            Connection accepted = listener.accept(WAIT);
            if (accepted == null) {
                throw new IOException("the other end did not connect by " + scheme);
            }
            connection = accepted;
        }
    }

    private static Transport transport(String scheme) {
        return ServiceLoader.load(Transport.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.scheme().equals(scheme))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no transport for scheme " + scheme));
    }

    @Override
    public long step() throws IOException {
        for (int i = 0; i < count; i++) {
            connection.send(frame.clear());
        }
        connection.flush();
        long expected = answers + 1;
        while (answers < expected) {
            connection.receive((answer, owned) -> answers++, WAIT);
        }
        return answers;
    }

    @Override
    public void close() {
        connection.close();
    }

    /** The other end: looks at each frame, and answers when all of a step are there. */
    private static void serve(String scheme, String place, int count) throws IOException {
        try (Connection connection = transport(scheme).connect(Address.parse(place), WAIT)) {
            ByteBuffer answer = ByteBuffer.allocateDirect(Long.BYTES);
            long[] seen = new long[2]; // frames, and what their first bytes add up to
            while (true) {
                connection.receive(
                        (frame, owned) -> {
                            seen[0]++;
                            seen[1] += frame.get(frame.position());
                        },
                        WAIT);
                if (seen[0] == count) {
                    seen[0] = 0;
                    connection.send(answer.clear().putLong(0, seen[1]));
                    connection.flush();
                }
            }
        } catch (EOFException e) {
            return; // the way was closed
        }
    }
}
