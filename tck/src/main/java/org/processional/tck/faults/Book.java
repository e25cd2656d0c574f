// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Where it is written down which tasks ran.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
interface Book {
    /** A task begins. */
    void note(long key);

    /** The tasks that have begun, in their order. */
    List<Long> keys();

    /** One in the memory of this process. */
    static Book inMemory() {
        Queue<Long> keys = new ConcurrentLinkedQueue<>();
        return new Book() {
            @Override
            public void note(long key) {
                keys.add(key);
            }

            @Override
            public List<Long> keys() {
                return List.copyOf(keys);
            }
        };
    }
}
