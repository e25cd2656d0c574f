// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.client;
import static org.processional.Processional.export;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/** A client that gives its server an object of its own, and stays until its standard input ends. */
final class Lender {
    private static volatile Proxy<AtomicInteger> lent; // in the server

    private Lender() {}

    static Proxy<AtomicInteger> lent() {
        return lent;
    }

    private static void keep(Proxy<AtomicInteger> object) {
        lent = object;
    }

    public static void main(String[] arguments) throws Exception {
        try (SlaveProcess server = client(arguments[0]);
                Proxy<AtomicInteger> own = export(new AtomicInteger(41))) {
            server.invoke(() -> keep(own));
            System.out.println("lent");
            while (System.in.read() >= 0) {
                // nothing is told
            }
        }
    }
}
