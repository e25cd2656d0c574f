// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.slave;
import static org.processional.examples.Heavy.product;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Program 3: another JVM that runs many tasks on one resource, which never leaves it. */
public final class OneSlaveProcess {
    private OneSlaveProcess() {}

    /** Makes the numbers in a slave process, then has it sum and multiply them; the sums alone travel. */
    public static void main(String[] args) {
        try (SlaveProcess process = slave()) {
            Proxy<List<Integer>> heavy = process.wrap(() -> range(1_000_000));
            Task<Long> sum = process.schedule(() -> sum(heavy.get())); // runs there, on the object itself
            Task<Long> product = process.schedule(() -> product(heavy.get()));
            System.out.println("sum is " + sum.await());
            System.out.println("product is " + product.await());
        }
    }
}
