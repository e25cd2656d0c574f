// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several threads that do a step of a way at once; together that is one step.
 *
 * <p><b>Threads:</b> one thread uses it; the way must bear several.
 */
final class Producers implements Way {
    private final Way way;
    private final ExecutorService executor;
    private final List<Callable<Long>> shares;

    Producers(int count, Way way) {
        this.way = way;
        executor = Executors.newFixedThreadPool(count);
        shares = Collections.nCopies(count, way::step);
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
    public void close() {
        ThreadWays.shutDown(executor);
        way.close();
    }
}
