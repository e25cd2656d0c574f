// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.processional.it.ProxyModel.Handle;
import org.processional.it.ProxyModel.Item;
import org.processional.it.ProxyModel.Place;

/**
 * A call that goes from object to object, and the threads that it may run on: that which waits in the process already,
 * else that of the object.
 *
 * <p><b>Threads:</b> one.
 */
final class ProxyPath {
    private static final String POOL = "processional-completion-";

    private final Place start;
    private final List<Handle> path;
    private final boolean loose; // whether the master waits for a task, and may not be there in time
    private final Map<Place, String> waiting = new HashMap<>();

    ProxyPath(Place start, List<Handle> path, boolean loose) {
        this.start = start;
        this.path = path;
        this.loose = loose && start.process != null;
        if (start.process != null) {
            waiting.put(null, Thread.currentThread().getName()); // in the master
        }
    }

    void check(List<Vault.Answer> answers) {
        assertThat(answers).hasSize(path.size() + 1);
        Place at = start;
        String thread = answers.get(0).thread();
        for (int i = 0; i < path.size(); i++) {
            Item item = path.get(i).item;
            Vault.Answer answer = answers.get(i + 1);
            assertThat(answer.thing()).isEqualTo(item.id());
            assertThat(answer.pid()).isEqualTo(item.owner().pid());
            Place owner = item.owner();
            if (owner != at) {
                waiting.put(key(at), thread);
            }
            String expected = owner == at ? thread : waiting.get(key(owner));
            String actual = answer.thread();
            boolean right = expected == null
                    ? item.exported() ? actual.startsWith(POOL) : actual.equals("main")
                    : actual.equals(expected) || mayBeBeside(owner, actual);
            assertThat(right)
                    .as("step %d of %s ran on %s, expected %s; %s", i, path, actual, expected, answers)
                    .isTrue();
            at = owner;
            thread = actual;
        }
    }

    /** Until the master's thread waits for what it scheduled, calls that come back run on the pool. */
    private boolean mayBeBeside(Place owner, String actual) {
        String self = Thread.currentThread().getName();
        boolean isFirst = self.equals(waiting.get(null));
        return loose && owner.process == null && (actual.equals(self) || isFirst && actual.startsWith(POOL));
    }

    private static Place key(Place place) {
        return place.process == null ? null : place;
    }
}
