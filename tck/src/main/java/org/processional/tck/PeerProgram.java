// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.IOException;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Transport;

/**
 * What the other JVM of a rule runs: it connects and sends {@link #FRAMES} frames, or it listens, says so, and waits to be
 * killed.
 *
 * <p><b>Threads:</b> one.
 *
 * @since 0.1
 */
public final class PeerProgram {
    static final int FRAMES = 3;
    static final int FRAME_BYTES = 1000;

    /** To connect. */
    static final String CONNECT = "connect";

    /** To connect, where both ends meet first. */
    static final String MEET = "meet";

    /** To listen. */
    static final String LISTEN = "listen";

    /** What it says then, before the address. */
    static final String LISTENS = "listens at ";

    private PeerProgram() {}

    /**
     * Runs it.
     *
     * @param arguments what to do, the class name of the transport, and the address
     * @throws Exception if something is wrong; the rule that started it sees that
     */
    public static void main(String[] arguments) throws Exception {
        Transport transport = Class.forName(arguments[1])
                .asSubclass(Transport.class)
                .getConstructor()
                .newInstance();
        Address address = Address.parse(arguments[2]);
        if (arguments[0].equals(LISTEN)) {
            System.out.println(LISTENS + transport.listen(address).address());
        } else {
            send(transport.connect(address, Eventually.limit()), arguments[0].equals(MEET));
            System.out.println("sent");
        }
        waitToBeKilled();
    }

    private static void send(Connection connection, boolean meets) throws IOException {
        if (meets) {
            Meeting.asClient(connection);
        }
        for (int i = 0; i < FRAMES; i++) {
            Frame.send(connection, Frame.of(i, FRAME_BYTES));
        }
    }

    private static void waitToBeKilled() throws IOException {
        while (System.in.read() >= 0) {
            // until the end of the input, which comes if the one who should kill us is gone
        }
    }
}
