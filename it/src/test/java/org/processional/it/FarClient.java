// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.client;

import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/** Has the server of {@code netns.sh} sum, and stops it. */
final class FarClient {
    private FarClient() {}

    public static void main(String[] arguments) {
        try (SlaveProcess server = client(arguments[0])) {
            Proxy<List<Integer>> heavy = server.wrap("heavy", () -> Heavy.range(1000));
            System.out.println("sum is " + server.invoke(() -> Heavy.sum(heavy.get())));
            server.stop();
        }
    }
}
