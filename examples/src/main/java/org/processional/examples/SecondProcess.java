// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.client;
import static org.processional.examples.Heavy.product;

import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/** Program 4, its other half: a client of the server that {@link TwoProcesses} started. */
public final class SecondProcess {
    private SecondProcess() {}

    /**
     * Multiplies the numbers that the first program published.
     *
     * @param args the address of the server, such as {@code unix:/tmp/server}
     */
    public static void main(String[] args) {
        try (SlaveProcess process = client(args[0])) {
            Proxy<List<Integer>> heavy = process.named("heavy");
            System.out.println("product is " + process.invoke(() -> product(heavy.get())));
        }
    }
}
