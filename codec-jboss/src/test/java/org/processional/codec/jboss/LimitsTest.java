// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/** Limits hold in whatever form a value travels: by our own forms, by JBoss, in the objects of its table, and aside. */
@ParameterizedClass
@MethodSource("providers")
class LimitsTest {
    private static final int MANY = 200;

    private final CodecProvider provider;

    LimitsTest(CodecProvider provider) {
        this.provider = provider;
    }

    static CodecProvider[] providers() {
        return RoundTripTest.providers();
    }

    private Ends ends(InputFilter filter) {
        return new Ends(provider, new Aside(), filter);
    }

    /** A graph that has no own form. */
    private static Object byJBoss(@Nullable Object value) {
        return new Object[] {new BitSet(), value};
    }

    private void isRefused(Judge judge, Object value, String what) {
        Ends ends = ends(judge);
        for (Object form : new Object[] {value, byJBoss(value)}) {
            assertThatThrownBy(() -> ends.trip(form))
                    .as("%s, %s", value.getClass(), form == value ? "alone" : "by JBoss")
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("refused: " + what);
            assertThatCode(() -> ends.trip(byJBoss(1))).doesNotThrowAnyException();
        }
    }

    private void isTaken(Judge judge, Object value) {
        Ends ends = ends(judge);
        assertThatCode(() -> ends.trip(value)).as("alone").doesNotThrowAnyException();
        assertThatCode(() -> ends.trip(byJBoss(value))).as("by JBoss").doesNotThrowAnyException();
    }

    private static List<String> strings(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    private static Map<String, String> map(int size) {
        Map<String, String> map = new HashMap<>();
        strings(size).forEach(text -> map.put(text, text));
        return map;
    }

    private static List<Object> values(int size) {
        List<String> strings = strings(size);
        return List.of(
                List.copyOf(strings),
                Collections.unmodifiableList(new ArrayList<>(strings)),
                Set.copyOf(strings),
                Map.copyOf(map(size)),
                new ArrayList<>(strings),
                new LinkedList<>(strings),
                new ArrayDeque<>(strings),
                new Vector<>(strings),
                new PriorityQueue<>(strings),
                new LinkedHashSet<>(strings),
                new TreeSet<>(strings),
                new LinkedHashMap<>(map(size)),
                new TreeMap<>(map(size)),
                strings.toArray(),
                ByteBuffer.allocate(size),
                new int[size],
                new String[size]);
    }

    @Test
    void lengthsAreCounted() {
        for (Object value : values(MANY)) {
            isRefused(Judge.ofElements(MANY - 1), value, "elements");
            isTaken(Judge.ofElements(3 * MANY), value); // of some, the JDK asks about the table
        }
        isRefused(Judge.ofElements(MANY - 1), Collections.nCopies(MANY, "x"), "elements");
    }

    private static Object nested(int depth, UnaryOperator<Object> around) {
        Object value = "end";
        for (int i = 0; i < depth; i++) {
            value = around.apply(value);
        }
        return value;
    }

    private static Call<Object, RuntimeException> capturing(Object value) {
        return () -> value;
    }

    @Test
    void depthIsCounted() {
        List<UnaryOperator<Object>> ways = List.of(
                List::of,
                Set::of,
                value -> Map.of("key", value),
                Optional::of,
                Samples.Box::new,
                LimitsTest::capturing,
                value -> new ArrayList<>(List.of(value)),
                value -> new Object[] {value},
                Collections::singletonList,
                value -> Collections.singletonMap("key", value),
                value -> new LinkedList<>(List.of(value)));
        for (UnaryOperator<Object> around : ways) {
            isRefused(Judge.ofDepth(30), nested(40, around), "depth");
            isTaken(Judge.ofDepth(30), nested(10, around));
        }
        isTaken(
                Judge.ofDepth(30),
                IntStream.range(0, MANY).mapToObj(i -> List.of(i)).toList()); // wide, not deep
    }

    @Test
    void objectsAreCounted() {
        for (Object value : values(MANY)) {
            if (!(value instanceof ByteBuffer) && !(value instanceof int[]) && !(value instanceof String[])) {
                isRefused(Judge.ofObjects(MANY - 1), value, "objects");
            }
            isTaken(Judge.ofObjects(3 * MANY), value);
        }
        Object points =
                IntStream.range(0, MANY).mapToObj(i -> new Samples.Point(i, i)).toArray();
        isRefused(Judge.ofObjects(MANY - 1), points, "objects");
        Object boxes = nested(MANY, Samples.Box::new);
        isRefused(Judge.ofObjects(MANY - 1), boxes, "objects");
    }

    @Test
    void eachMessageIsCountedByItself() {
        Ends ends = ends(Judge.ofObjects(30));
        for (int i = 0; i < 20; i++) {
            assertThatCode(() -> ends.trip(byJBoss(strings(10)))).doesNotThrowAnyException();
        }
    }

    @Test
    void tooManyBytesAreRefusedBeforeAnythingIsAskedAbout() {
        for (Object value : new Object[] {"x".repeat(1000), List.of("x".repeat(1000)), new byte[1000]}) {
            isRefused(Judge.ofBytes(1000), value, "bytes");
            Judge judge = Judge.ofBytes(1000);
            Ends ends = ends(judge);
            assertThatThrownBy(() -> ends.trip(byJBoss(value))).hasMessageContaining("refused: bytes");
            assertThat(judge.asked).isEmpty();
        }
    }

    // ---- aside

    /** Takes large arrays aside, as the engine does. */
    private static final class Aside implements Substitution {
        private final List<Object> arrays = new ArrayList<>();

        @Override
        public byte @Nullable [] replace(Object object) {
            if (!object.getClass().isArray()) {
                return null;
            }
            arrays.add(object);
            return new byte[] {(byte) (arrays.size() - 1)};
        }

        @Override
        public Object resolve(byte[] bytes) {
            return arrays.get(bytes[0]);
        }
    }

    @Test
    void whatComesAsideIsCounted() {
        byte[] large = new byte[Substitution.LARGE_BYTES];
        isRefused(Judge.ofElements(large.length - 1), large, "elements");
        isTaken(Judge.ofElements(large.length), large);
        int[][] three = new int[3][Substitution.LARGE_BYTES / Integer.BYTES];
        isRefused(Judge.ofBytes(3L * Substitution.LARGE_BYTES), three, "bytes");
        isTaken(Judge.ofBytes(4L * Substitution.LARGE_BYTES), three);
        isTaken(Judge.ofBytes(4L * Substitution.LARGE_BYTES), Arrays.asList(1, "x"));
    }
}
