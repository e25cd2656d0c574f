// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.Rounds;

@Timeout(60)
class PendingTableTest {
    private static final class Item implements PendingTable.Entry {
        private volatile long ticket;

        @Override
        public long ticket() {
            return ticket;
        }

        @Override
        public void ticket(long given) {
            ticket = given;
        }
    }

    @Test
    void anEntryIsTakenOnceByItsTicket() {
        PendingTable<Item> table = new PendingTable<>(2);
        Item item = new Item();
        assertThat(table.tryCredit()).isTrue();
        table.add(item);
        assertThat(table.size()).isEqualTo(1);
        assertThat(table.take(item.ticket())).isSameAs(item);
        assertThat(table.take(item.ticket())).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void aStaleTicketNeverFindsWhoHasItsSlotNow() {
        PendingTable<Item> table = new PendingTable<>(1);
        Set<Long> used = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Item item = new Item();
            assertThat(table.tryCredit()).isTrue();
            table.add(item);
            for (long stale : used) {
                assertThat(table.take(stale)).isNull();
            }
            assertThat(table.take(item.ticket())).isSameAs(item);
            assertThat(used.add(item.ticket())).isTrue();
        }
    }

    @Test
    void thereAreAsManyCreditsAsWereGranted() {
        PendingTable<Item> table = new PendingTable<>(3);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(table.hasCredit()).isTrue();
            assertThat(table.tryCredit()).isTrue();
            items.add(new Item());
            table.add(items.get(i));
        }
        assertThat(table.hasCredit()).isFalse();
        assertThat(table.tryCredit()).isFalse();
        table.forceCredit(); // a question of the engine itself
        Item question = new Item();
        table.add(question);
        assertThat(table.take(items.get(1).ticket())).isSameAs(items.get(1));
        assertThat(table.tryCredit()).isFalse();
        assertThat(table.take(question.ticket())).isSameAs(question);
        assertThat(table.tryCredit()).isTrue();
    }

    @Test
    void takingAllGivesEachEntryOnce() {
        PendingTable<Item> table = new PendingTable<>(10);
        Set<Item> added = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Item item = new Item();
            assertThat(table.tryCredit()).isTrue();
            table.add(item);
            added.add(item);
        }
        Set<Item> taken = new HashSet<>();
        table.takeAll(item -> assertThat(taken.add(item)).isTrue());
        assertThat(taken).isEqualTo(added);
        assertThat(table.size()).isZero();
        table.takeAll(item -> assertThat(item).isNull());
    }

    private static Item force(PendingTable<Item> table) {
        Item item = new Item();
        table.forceCredit();
        table.add(item);
        return item;
    }

    /** Nested calls take no credits, and may be more than there are slots. */
    @Test
    void requestsBeyondTheSlotsAreKeptAsWell() {
        PendingTable<Item> table = new PendingTable<>(1);
        List<Item> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // there are 8 slots for one credit
            all.add(force(table));
        }
        assertThat(table.size()).isEqualTo(20);
        for (int i : new int[] {3, 15, 0, 19, 8}) {
            assertThat(table.take(all.get(i).ticket())).isSameAs(all.get(i));
            assertThat(table.take(all.get(i).ticket())).isNull();
        }
        List<Item> rest = new ArrayList<>();
        table.takeAll(rest::add);
        assertThat(rest).hasSize(15).doesNotContain(all.get(15), all.get(3));
        assertThat(table.size()).isZero();
    }

    @Test
    void manyThreadsNeverShareATicketNorExceedTheCredits() throws Exception {
        int credits = 5;
        int rounds = Rounds.of(200_000);
        PendingTable<Item> table = new PendingTable<>(credits);
        AtomicInteger together = new AtomicInteger();
        Callable<Integer> worker = () -> {
            int done = 0;
            while (done < rounds) {
                if (!table.tryCredit()) {
                    Thread.onSpinWait();
                    continue;
                }
                assertThat(together.incrementAndGet()).isLessThanOrEqualTo(credits);
                Item item = new Item();
                table.add(item);
                together.decrementAndGet();
                assertThat(table.take(item.ticket())).isSameAs(item);
                done++;
            }
            return done;
        };
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(pool.submit(worker));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get(50, TimeUnit.SECONDS)).isEqualTo(rounds);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(table.size()).isZero();
    }
}
