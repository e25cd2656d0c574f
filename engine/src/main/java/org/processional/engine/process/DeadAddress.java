// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.spi.Address;
import org.processional.spi.NetworkTransport;
import org.processional.spi.Transport;

/**
 * What a server that was killed leaves at its address, such as a dead socket: it is removed when the server has ended, if
 * the address was made for that server alone. At an address that the user chose it stays, for somebody may wait for the
 * next server there, which replaces it.
 *
 * <p><b>Threads:</b> from any thread; looked at on the pool.
 */
final class DeadAddress {
    private DeadAddress() {}

    /** Removes what is left when the process has ended, in whatever way. */
    static void discardAfter(long pid, Transport transport, Address address) {
        if (transport instanceof NetworkTransport) {
            return; // nothing of a network address stays
        }
        ProcessHandle server = ProcessHandle.of(pid).orElse(null);
        if (server == null) {
            Completions.run(() -> discard(transport, address));
        } else {
            java.util.concurrent.CompletableFuture<Void> unused =
                    server.onExit().thenRunAsync(() -> discard(transport, address), Completions.POOL);
        }
    }

    /** Who listens replaces what the dead left, and takes it along at its end. */
    private static void discard(Transport transport, Address address) {
        try {
            transport.listen(address).close();
        } catch (IOException | RuntimeException e) {
            Log.engine().debug("what a dead server may have left at {} stays", address, e);
        }
    }
}
