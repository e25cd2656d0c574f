// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.client;

import org.processional.ConnectionException;
import org.processional.SlaveProcess;

/** A client of the server of {@code netns.sh}, whose cable is cut while nobody asks anything of anybody. */
final class FarIdle {
    private FarIdle() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (SlaveProcess server = client(arguments[0])) {
            System.out.println(server.invoke(() -> "waiting"));
            while (server.isOpen()) {
                Thread.sleep(100);
            }
            try {
                server.invoke(() -> 1);
            } catch (ConnectionException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
