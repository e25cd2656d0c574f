// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.slave;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import org.processional.SlaveProcess;

/** What the README begins with: one call in another JVM. */
public final class FirstCall {
    private FirstCall() {}

    private static long heavyWork() {
        return sum(range(1_000_000));
    }

    /** Sums numbers in a slave process. */
    public static void main(String[] args) {
        try (SlaveProcess process = slave()) { // another JVM
            long sum = process.invoke(() -> heavyWork()); // runs there
            System.out.println("sum is " + sum);
        }
    }
}
