// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.client;

import org.processional.ConnectionException;
import org.processional.SlaveProcess;
import org.processional.Task;

/** A client of the server of {@code netns.sh}, whose cable is cut while a task runs there. */
final class FarLoss {
    private FarLoss() {}

    public static void main(String[] arguments) {
        try (SlaveProcess server = client(arguments[0])) {
            Task<?> waits = server.thread(() -> Thread.currentThread().join());
            System.out.println(server.invoke(() -> "waiting"));
            try {
                waits.await();
            } catch (ConnectionException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
