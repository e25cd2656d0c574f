// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.client;
import static org.processional.Processional.server;
import static org.processional.examples.Heavy.product;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import java.util.List;
import org.processional.Proxy;
import org.processional.ShippedClass;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Program 6: a server that has the library on its path, and none of this program's classes. */
public final class TravellingCode {
    private TravellingCode() {}

    /**
     * Sums and multiplies at the server, which gets the classes for it from here; prints which they were.
     *
     * @param args the address of a server, such as one of {@code processional serve}; nothing to start one
     */
    public static void main(String[] args) {
        try (SlaveProcess process = args.length > 0 ? client(args[0]) : bareServer()) {
            Proxy<List<Integer>> heavy = process.wrap(() -> range(1_000_000));
            System.out.println("sum is " + process.invoke(() -> sum(heavy.get())));
            System.out.println("product is " + process.invoke(() -> product(heavy.get())));
            for (ShippedClass shipped : process.code()) {
                System.out.println("the server got " + shipped.name());
            }
        }
    }

    private static SlaveProcess bareServer() {
        return server(SlaveOptions.builder()
                .classPath(Programs.pathWithout(TravellingCode.class))
                .modulePath(List.of())
                .build());
    }
}
