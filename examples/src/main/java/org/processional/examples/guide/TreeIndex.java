// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** An index in a tree. */
final class TreeIndex implements Index {
    private final Map<String, Integer> counts = new TreeMap<>();

    @Override
    public void add(String word) {
        counts.merge(word, 1, Integer::sum);
    }

    @Override
    public int count(String word) {
        return counts.getOrDefault(word, 0);
    }

    @Override
    public void clear() {
        counts.clear();
    }

    @Override
    public CompletableFuture<Integer> rebuild() {
        return CompletableFuture.completedFuture(counts.size());
    }
}
