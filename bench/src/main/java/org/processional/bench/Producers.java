// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several threads that do steps of a way at once; together that is one step. There are so many that it does not matter what
 * it costs to wake the threads for them.
 *
 * <p><b>Threads:</b> one thread uses it; the way must bear several.
 */
final class Producers implements Way {
    /** Steps of each thread. */
    static final int STEPS = 10;

    private final Way way;
    private final ExecutorService executor;
    private final List<Callable<Long>> shares;

    Producers(int count, Way way) {
        this.way = way;
        executor = Executors.newFixedThreadPool(count);
        shares = Collections.nCopies(count, this::share);
    }

    private long share() throws Exception {
        long sum = 0;
        for (int i = 0; i < STEPS; i++) {
            sum += way.step();
        }
        return sum;
    }

    @Override
    public long step() throws Exception {
        long sum = 0;
        for (Future<Long> share : executor.invokeAll(shares)) {
            sum += share.get();
        }
        return sum;
    }

    @Override
    public boolean allocatesHere() {
        return false; // the producers do
    }

    @Override
    public void close() {
        ThreadWays.shutDown(executor);
        way.close();
    }
}
