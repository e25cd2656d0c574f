// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.export;
import static org.processional.Processional.scope;
import static org.processional.Processional.slave;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.processional.Proxy;
import org.processional.ProxyScope;
import org.processional.SlaveProcess;

/** What {@code docs/remote-objects.md} shows. */
final class RemoteObjectsGuide {
    private RemoteObjectsGuide() {}

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static long sum(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).sum();
    }

    static long wrapped() {
        try (SlaveProcess process = slave()) {
            Proxy<List<Integer>> heavy = process.wrap(() -> range(1_000_000));
            long sum = process.invoke(() -> sum(heavy.get())); // in its own process, get() is the object itself
            int size = heavy.call(list -> list.size()); // the same, shorter
            List<Integer> copy = heavy.get(); // elsewhere it is a copy
            return sum + size + copy.size();
        }
    }

    static int standIn(SlaveProcess process) {
        Index index = process.wrap(Index.class, () -> new TreeIndex());
        index.add("word");
        return index.count(List.of("word", "other")) + index.rebuild().join();
    }

    /** Shows how much is done. */
    static final class Progress {
        final List<Integer> shown = new ArrayList<>();

        void show(int percent) {
            shown.add(percent);
        }
    }

    static List<Integer> exported() {
        Progress shown = new Progress();
        try (SlaveProcess process = slave();
                Proxy<Progress> progress = export(shown)) {
            process.invoke(() -> {
                for (int i = 0; i < 10; i++) {
                    int percent = 10 * i;
                    progress.run(it -> it.show(percent)); // here, in the master
                }
            });
        }
        return shown.shown;
    }

    @SuppressWarnings("try") // the region is not named in its block
    static int scoped(SlaveProcess process) {
        try (ProxyScope scope = scope()) { // closes every proxy that is made or received in it
            Proxy<List<Integer>> first = process.wrap(() -> range(2));
            Proxy<List<Integer>> second = process.wrap(() -> new ArrayList<>(first.get()));
            return second.call(list -> list.size());
        }
    }
}
