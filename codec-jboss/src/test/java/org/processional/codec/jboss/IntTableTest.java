// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.processional.CodecException;

class IntTableTest {
    @Test
    void holdsWhatWasPutFirst() {
        IntTable<String> table = new IntTable<>(100);
        assertThat(table.get(0)).isNull();
        assertThat(table.putIfAbsent(0, "a")).isEqualTo("a");
        assertThat(table.putIfAbsent(0, "b")).isEqualTo("a");
        assertThat(table.get(0)).isEqualTo("a");
        assertThat(table.get(1)).isNull();
    }

    @Test
    void behavesAsAMapForAnyKeys() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        IntTable<Integer> table = new IntTable<>(10_000);
        Map<Integer, Integer> model = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            int key = random.nextBoolean() ? random.nextInt() : random.nextInt(1000) << random.nextInt(20);
            assertThat(table.get(key)).as("seed %d", seed).isEqualTo(model.get(key));
            model.putIfAbsent(key, i);
            table.putIfAbsent(key, i);
        }
        model.forEach(
                (key, value) -> assertThat(table.get(key)).as("seed %d", seed).isEqualTo(value));
    }

    @Test
    void refusesMoreThanItsLimit() {
        IntTable<String> table = new IntTable<>(2);
        table.putIfAbsent(1, "a");
        table.putIfAbsent(2, "b");
        assertThat(table.putIfAbsent(2, "c")).isEqualTo("b");
        assertThatThrownBy(() -> table.putIfAbsent(3, "d"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("more than 2 definitions");
    }
}
