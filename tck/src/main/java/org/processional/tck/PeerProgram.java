// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.IOException;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Transport;

/**
 * What the other JVM of a rule runs: it connects, sends {@link #FRAMES} frames, says so, and waits to be killed.
 *
 * <p><b>Threads:</b> one.
 *
 * @since 0.1
 */
public final class PeerProgram {
    static final int FRAMES = 3;
    static final int FRAME_BYTES = 1000;

    private PeerProgram() {}

    /**
     * Runs it.
     *
     * @param arguments class name of the transport, the address, and whether both ends meet first
     * @throws Exception if something is wrong; the rule that started it sees that
     */
    public static void main(String[] arguments) throws Exception {
        Transport transport = Class.forName(arguments[0])
                .asSubclass(Transport.class)
                .getConstructor()
                .newInstance();
        Connection connection = transport.connect(Address.parse(arguments[1]), Eventually.limit());
        if (Boolean.parseBoolean(arguments[2])) {
            Meeting.asClient(connection);
        }
        for (int i = 0; i < FRAMES; i++) {
            Frame.send(connection, Frame.of(i, FRAME_BYTES));
        }
        System.out.println("sent");
        waitToBeKilled();
    }

    private static void waitToBeKilled() throws IOException {
        while (System.in.read() >= 0) {
            // until the end of the input, which comes if the one who should kill us is gone
        }
    }
}
