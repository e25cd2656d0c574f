// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * Something that reads what others sent.
 *
 * <p><b>Threads:</b> one thread.
 */
public interface Target {
    /** What it is called on the command line, and its folder of regression inputs. */
    String name();

    /** Inputs to begin with: each is what a friend would send. */
    List<byte[]> seeds() throws IOException;

    /**
     * Reads an input.
     *
     * @throws Throwable what nobody documented, or an {@link AssertionError} if it did what it must not do; what is
     *     documented does not get here
     */
    void run(byte[] input) throws Throwable;

    /** How many damaged inputs the build tries, of a hundredth of all. */
    default int damages() {
        return 20;
    }

    /** Bytes that it may allocate for an input, beyond what is in proportion to its length. */
    default long allocationBytes(byte[] input) {
        return 16 << 20;
    }
}
