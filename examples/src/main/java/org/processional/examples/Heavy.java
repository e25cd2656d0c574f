// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import java.util.List;
import java.util.stream.IntStream;

/** Stands for heavy work on a heavy resource. */
final class Heavy {
    private Heavy() {}

    /** The numbers from 0 to {@code end - 1}. */
    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    static long sum(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).sum();
    }

    /** The product, modulo 2<sup>64</sup>. */
    static long product(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
}
