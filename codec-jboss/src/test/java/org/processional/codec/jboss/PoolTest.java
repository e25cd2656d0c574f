// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PoolTest {
    @Test
    void givesBackWhatItWasGivenAndKeepsAFewOnly() {
        Pool<Object> pool = new Pool<>();
        assertThat(pool.take()).isNull();
        List<Object> given = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            given.add(new Object());
            pool.give(given.get(i));
        }
        List<Object> taken = new ArrayList<>();
        for (Object next = pool.take(); next != null; next = pool.take()) {
            taken.add(next);
        }
        assertThat(taken).hasSize(4).doesNotHaveDuplicates();
        assertThat(given).containsAll(taken);
    }

    @Test
    @Timeout(60)
    void neverGivesOneObjectToTwo() throws Exception {
        Pool<AtomicBoolean> pool = new Pool<>();
        int threads = 3;
        int rounds = Rounds.of(2_000_000);
        CyclicBarrier start = new CyclicBarrier(threads);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    failures.add(e.toString());
                }
                for (int i = 0; i < rounds; i++) {
                    AtomicBoolean taken = pool.take();
                    AtomicBoolean used = taken == null ? new AtomicBoolean() : taken;
                    if (!used.compareAndSet(false, true)) {
                        failures.add("in use already");
                    }
                    used.set(false);
                    pool.give(used);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(pool.take()).isNotNull();
    }
}
