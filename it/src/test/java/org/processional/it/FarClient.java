// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.client;

import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveProcess;
import org.processional.Task;

/** The README's programs 3 and 4 as a client of the server of {@code netns.sh}, which ends when it has left. */
final class FarClient {
    private FarClient() {}

    public static void main(String[] arguments) {
        try (SlaveProcess server = client(arguments[0])) {
            Proxy<List<Integer>> heavy = server.wrap("heavy", () -> Heavy.range(1_000_000));
            Task<Long> sum = server.schedule(() -> Heavy.sum(heavy.get()));
            Task<Long> product = server.schedule(() -> Heavy.product(heavy.get()));
            System.out.println("program 3: sum is " + sum.await() + ", product is " + product.await());
            try (SlaveProcess second = client(arguments[0])) {
                Proxy<List<Integer>> found = second.named("heavy");
                long there = second.invoke(() -> Heavy.sum(found.get()));
                System.out.println("program 4: sum is " + there + ", product is "
                        + second.invoke(() -> Heavy.product(found.get())));
            }
        }
    }
}
