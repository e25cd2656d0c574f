// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.SerializedLambda;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in the objects that can be made only after their contents: lambdas, records, unmodifiable collections,
 * optionals.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Contents {
    private Contents() {}

    /** Whether the objects of a class are made after their contents, from these alone. */
    static boolean comeFirst(byte tag) {
        return switch (tag) {
            case Tag.LAMBDA, Tag.RECORD, Tag.OPTIONAL, Tag.LIST_OF, Tag.SET_OF, Tag.MAP_OF -> true;
            default -> false;
        };
    }

    /** What a lambda captures. */
    static @Nullable Object[] of(SerializedLambda form) {
        @Nullable Object[] captured = new Object[form.getCapturedArgCount()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = form.getCapturedArg(i);
        }
        return captured;
    }

    /** The contents of an object whose class is one of {@link #comeFirst}; of a map, keys and values in turn. */
    static @Nullable Object[] of(Object object, ClassPlan plan) {
        return switch (plan.tag) {
            case Tag.LAMBDA -> of(plan.form(object));
            case Tag.RECORD -> plan.record().read(object);
            case Tag.OPTIONAL -> new @Nullable Object[] {((Optional<?>) object).orElse(null)};
            case Tag.MAP_OF -> entries((Map<?, ?>) object);
            default -> ((Collection<?>) object).toArray();
        };
    }

    private static @Nullable Object[] entries(Map<?, ?> map) {
        @Nullable Object[] both = new Object[2 * map.size()];
        int size = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            both[size++] = entry.getKey();
            both[size++] = entry.getValue();
        }
        return both;
    }

    /** The tag of an object: that of its class, or the one of lists that take null. */
    static byte tag(Object object, ClassPlan plan) {
        return plan.tag == Tag.LIST_OF && Immutables.takesNulls((List<?>) object) ? Tag.LIST_NULLS : plan.tag;
    }

    /**
     * Makes a collection, or an optional.
     *
     * @param tag what it is
     * @param contents of a map, keys and values in turn
     */
    static Object make(byte tag, @Nullable Object[] contents) {
        return switch (tag) {
            case Tag.OPTIONAL -> Optional.ofNullable(contents[0]);
            case Tag.MAP_OF -> Immutables.map(contents);
            case Tag.SET_OF -> Immutables.set(contents);
            default -> Immutables.list(contents, tag == Tag.LIST_NULLS);
        };
    }
}
