// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The unmodifiable collections of {@code List.of}, {@code Set.of}, {@code Map.of} and {@code Stream.toList}.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Immutables {
    private Immutables() {}

    private static final Class<?> OF_TWO = List.of(1).getClass(); // also of one

    /**
     * Whether a list comes from {@code Stream.toList}, and can be asked for null. From three elements on it has the class of
     * the others, but is not taken for its own copy.
     */
    static boolean takesNulls(List<?> list) {
        if (list.isEmpty()) {
            return list != List.of();
        }
        if (list.size() <= 2) {
            return list.getClass() != OF_TWO;
        }
        try {
            return List.copyOf(list) != list;
        } catch (NullPointerException e) {
            return true; // it holds some
        }
    }

    static List<@Nullable Object> list(@Nullable Object[] elements, boolean nulls) {
        return nulls ? Arrays.stream(elements).toList() : List.of(elements);
    }

    static Set<Object> set(@Nullable Object[] elements) {
        return Set.of(elements);
    }

    /** Makes a map of keys and values in turn. */
    static Map<Object, Object> map(@Nullable Object[] both) {
        @SuppressWarnings("unchecked") // nothing else is put into it
        Map.Entry<Object, Object>[] entries = (Map.Entry<Object, Object>[]) new Map.Entry<?, ?>[both.length / 2];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Map.entry(both[2 * i], both[2 * i + 1]);
        }
        return Map.ofEntries(entries);
    }
}
