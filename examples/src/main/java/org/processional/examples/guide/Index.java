// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.processional.Local;
import org.processional.OneWay;

/** What {@code docs/remote-objects.md} calls by a stand-in. */
public interface Index {
    /** Adds a word. */
    void add(String word);

    /** How often it was added. */
    int count(String word);

    /** Forgets all. */
    @OneWay
    void clear(); // nobody waits for it

    /** Gives the number of words. */
    CompletableFuture<Integer> rebuild(); // here it ends when it ends there

    /** Adds the counts up. */
    @Local
    default int count(List<String> words) { // runs here, and calls count() there
        return words.stream().mapToInt(this::count).sum();
    }
}
