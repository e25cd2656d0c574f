// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.processional.spi.InputFilter;

/**
 * Asks the filter of a connection, and remembers for the forms of our own what it said. For classes of definitions,
 * {@link IncomingDefinition} remembers it.
 *
 * <p><b>Threads:</b> from any thread. Two may ask the same at once.
 */
final class Admission {
    private final InputFilter filter;
    private volatile long admitted; // tags, one bit each; a bit that is lost is asked for again

    Admission(InputFilter filter) {
        this.filter = filter;
    }

    /**
     * Finds a class that was admitted.
     *
     * @param there where the sender has it from
     * @throws org.processional.CodecException if it is refused, or is not here
     */
    Class<?> load(String name, String there, ClassLoader loader) {
        filter.name(name);
        Class<?> type = Loading.load(name, there, loader);
        type(type);
        return type;
    }

    /** The same for the class in which a lambda was written. */
    Class<?> loadOfLambda(String name, String there, ClassLoader loader) {
        filter.name(name);
        Class<?> type = Loading.load(name, there, loader);
        filter.lambda(type);
        return type;
    }

    /** The same for a class that JBoss asks for. */
    Class<?> find(String name, ClassLoader loader) throws ClassNotFoundException {
        filter.name(name);
        Class<?> type = Loading.find(name, loader);
        type(type);
        return type;
    }

    /**
     * Checks a class, and what it inherits from: whether the sender names a superclass or not, its constructor or its
     * {@code readObject} may run.
     */
    void type(Class<?> type) {
        filter.type(type);
        for (Class<?> above = type.getSuperclass(); isAsked(above); above = above.getSuperclass()) {
            filter.type(above);
        }
    }

    /** Constants are asked about as their enum alone. */
    private static boolean isAsked(@Nullable Class<?> above) {
        return above != null && above != Enum.class && Serializable.class.isAssignableFrom(above);
    }

    /** Checks what is about to be read. */
    void form(byte tag) {
        if (tag < 0 || tag >= Long.SIZE) {
            return; // no form of ours, as the reader will say; its bit would be that of another
        }
        long bit = 1L << tag;
        if ((admitted & bit) == 0) {
            Class<?> type = type(tag);
            if (type != null) {
                type(type);
            }
            admitted |= bit;
        }
    }

    /** A new count for a reader; null if nothing is to be counted. */
    @Nullable
    Tally tally() {
        return filter.counts() ? new Tally(filter) : null;
    }

    /** The class of what begins with a tag; null for what can harm nobody, or is asked for by its definition. */
    private static @Nullable Class<?> type(byte tag) {
        return switch (tag) {
            case Tag.OBJECTS -> Object[].class;
            case Tag.STRINGS -> String[].class;
            case Tag.ARRAY_LIST -> ArrayList.class;
            case Tag.HASH_SET -> HashSet.class;
            case Tag.LINKED_HASH_SET -> LinkedHashSet.class;
            case Tag.LIST_OF, Tag.LIST_NULLS -> List.of().getClass();
            case Tag.SET_OF -> Set.of().getClass();
            case Tag.HASH_MAP -> HashMap.class;
            case Tag.MAP_OF -> Map.of().getClass();
            case Tag.OPTIONAL -> Optional.class;
            case Tag.BIG_INTEGER -> BigInteger.class;
            case Tag.BIG_DECIMAL -> BigDecimal.class;
            case Tag.UUID -> UUID.class;
            case Tag.INSTANT -> Instant.class;
            case Tag.DURATION -> Duration.class;
            case Tag.LOCAL_DATE -> LocalDate.class;
            case Tag.LOCAL_TIME -> LocalTime.class;
            case Tag.LOCAL_DATE_TIME -> LocalDateTime.class;
            case Tag.BUFFER -> ByteBuffer.class;
            default -> null;
        };
    }
}
