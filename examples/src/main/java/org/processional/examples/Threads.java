// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.thread;
import static org.processional.examples.Heavy.product;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import java.util.List;
import org.processional.Task;

/** Program 1: threads with a result. */
public final class Threads {
    private Threads() {}

    /** Sums and multiplies the same numbers in two threads at once. */
    public static void main(String[] args) {
        List<Integer> heavy = range(1_000_000);
        Task<Long> sum = thread(() -> sum(heavy));
        Task<Long> product = thread(() -> product(heavy));
        System.out.println("sum is " + sum.await());
        System.out.println("product is " + product.await());
    }
}
