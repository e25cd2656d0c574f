// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.slaveThread;
import static org.processional.examples.Heavy.product;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import java.util.List;
import org.processional.SlaveThread;
import org.processional.Task;

/** Program 2: one thread that runs many tasks on one resource, which no other thread need touch. */
public final class OneSlaveThread {
    private OneSlaveThread() {}

    /** Makes the numbers on a slave thread, then has it sum and multiply them, one after the other. */
    public static void main(String[] args) {
        try (SlaveThread worker = slaveThread()) {
            List<Integer> heavy = worker.invoke(() -> range(1_000_000));
            Task<Long> sum = worker.schedule(() -> sum(heavy));
            Task<Long> product = worker.schedule(() -> product(heavy));
            System.out.println("sum is " + sum.await());
            System.out.println("product is " + product.await());
        }
    }
}
