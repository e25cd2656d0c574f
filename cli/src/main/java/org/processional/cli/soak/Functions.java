// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.processional.Proxy;

/**
 * What the tasks of the soak run.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Functions {
    private static final long LONG_MILLIS = 20_000;

    private Functions() {}

    /** A number that depends on the bits of another, and takes some microseconds. */
    static long work(long number) {
        long mixed = number;
        for (int i = 0; i < 200; i++) {
            mixed = mixed * 6364136223846793005L + 1442695040888963407L;
            mixed ^= mixed >>> 29;
        }
        return mixed;
    }

    static long fail(long number) {
        throw new PlannedException("number " + number);
    }

    /** Sleeps until it is interrupted, or killed. */
    static long sleep(long number) throws InterruptedException {
        Thread.sleep(LONG_MILLIS);
        return number;
    }

    /** Ends the JVM at once. */
    static long halt(int code) {
        Runtime.getRuntime().halt(code);
        return code;
    }

    static byte[] bytes(int length, long number) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += 97) {
            bytes[i] = (byte) (number + i);
        }
        return bytes;
    }

    /** What tells one array of bytes from another. */
    static long sumOfBytes(byte[] bytes) {
        long sum = bytes.length;
        for (int i = 0; i < bytes.length; i += 97) {
            sum = 31 * sum + bytes[i];
        }
        return sum;
    }

    static long sumOfNumbers(IntBuffer numbers) {
        long sum = 0;
        for (int i = 0; i < numbers.limit(); i++) {
            sum += numbers.get(i);
        }
        return sum;
    }

    static List<Long> list(int size) {
        List<Long> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            list.add(i);
        }
        return list;
    }

    static long sumOfList(List<Long> list) {
        long sum = 0;
        for (long number : list) {
            sum += number;
        }
        return sum;
    }

    /** What a slave calls back. */
    public interface Counter {
        /** Counts, and returns the number so far. */
        long next();
    }

    /** Calls back. */
    static long count(Proxy<Counter> proxy, int times) {
        Counter counter = proxy.as(Counter.class);
        long last = 0;
        for (int i = 0; i < times; i++) {
            last = counter.next();
        }
        return last;
    }
}
