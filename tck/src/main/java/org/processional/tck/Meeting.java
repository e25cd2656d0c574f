// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.IOException;
import org.processional.spi.Connection;

/**
 * What the two ends of a new connection do where one cannot send before the other takes part: a frame there, a frame
 * back.
 *
 * <p><b>Threads:</b> stateless; each end in a thread of its own.
 */
final class Meeting {
    private Meeting() {}

    static void asClient(Connection connection) throws IOException {
        Frame.send(connection, Frame.of(0, 1));
        Frame.receive(connection, 1);
    }

    static void asServer(Connection connection) throws IOException {
        Frame.receive(connection, 1);
        Frame.send(connection, Frame.of(0, 1));
    }
}
