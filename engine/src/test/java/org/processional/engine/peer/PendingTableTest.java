// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PendingTableTest {
    private static final class Entry implements PendingTable.Entry {
        private volatile long ticket; // written by the table

        @Override
        public long ticket() {
            return ticket;
        }

        @Override
        public void ticket(long given) {
            ticket = given;
        }
    }

    private final PendingTable<Entry> table = new PendingTable<>(1);

    private Entry force() {
        Entry entry = new Entry();
        table.forceCredit();
        table.add(entry);
        return entry;
    }

    @Test
    void aStaleTicketFindsNobody() {
        Entry first = force();
        assertThat(table.take(first.ticket())).isSameAs(first);
        Entry second = force();
        assertThat(table.take(first.ticket())).isNull();
        assertThat(table.take(second.ticket())).isSameAs(second);
        assertThat(table.size()).isZero();
    }

    @Test
    void whoFindsNoSlotWaitsWithoutSpinning() throws InterruptedException {
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) { // as many as there are slots for one credit
            all.add(force());
        }
        Thread late = new Thread(this::force);
        late.start();
        await().until(() -> late.getState() == Thread.State.TIMED_WAITING);
        assertThat(table.take(all.get(3).ticket())).isSameAs(all.get(3));
        late.join();
        assertThat(table.size()).isEqualTo(8);
    }
}
