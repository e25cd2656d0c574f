// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Effect;
import org.processional.Explanation;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.Task;
import org.processional.Work;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;

/**
 * What holds of every codec: extend it, and say which.
 *
 * <p><b>Threads:</b> JUnit's, one for each rule, so that one that hangs is told; nothing runs beside them, since they share
 * statics. Every rule opens its own codecs.
 *
 * @since 0.1
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.MethodName.class)
public abstract class CodecRules extends CodecFilterRules {
    private static final ClassLoader LOADER = CodecRules.class.getClassLoader();
    private static final int OTHERS_BYTES = 40; // in front of a body, and behind it
    private static final byte OF_OTHERS = 0x55;

    /** For subclasses. */
    protected CodecRules() {}

    // ---- what an implementer says

    /** The provider of the codec. */
    @Override
    protected abstract CodecProvider provider();

    /** How often to repeat what is random, of a full count. */
    protected int rounds(int full) {
        return Math.max(1, full / 10);
    }

    /** The seed of what is random; printed. */
    protected long seed() {
        return Long.getLong("processional.seed", System.nanoTime());
    }

    private Random random() {
        long seed = seed();
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    // ---- what travels

    /** A record. */
    public record Point(int x, String name, @Nullable Point next) implements Serializable {}

    /** An enum with bodies. */
    public enum Direction {
        /** Up. */
        UP {
            @Override
            public int step() {
                return 1;
            }
        },
        /** Down. */
        DOWN {
            @Override
            public int step() {
                return -1;
            }
        };

        /** The step. */
        public abstract int step();
    }

    /** A class with a superclass and fields of its own. */
    public static class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Makes one without a neighbour. */
        public Node() {}

        /** A neighbour, perhaps itself. */
        public @Nullable Node next;

        /** A name. */
        public String name = "";
    }

    /** An exception with a state. */
    public static final class StateException extends IOException {
        private static final long serialVersionUID = 1L;

        /** The state. */
        public final int state;

        /** Makes one. */
        public StateException(String message, int state, Throwable cause) {
            super(message, cause);
            this.state = state;
        }
    }

    /** Not serializable. */
    private static final class Stays {
        @Override
        public String toString() {
            return "stays";
        }
    }

    /** Takes a value along that it encodes and decodes itself, by the codecs by which it is encoded and decoded. */
    private static final class Nested implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        static final ThreadLocal<@Nullable Ends> ENDS = new ThreadLocal<>();

        transient @Nullable Object inside;

        Nested(Object inside) {
            this.inside = inside;
        }

        @Serial
        private void writeObject(ObjectOutputStream to) throws IOException {
            byte[] body = ends().encode(inside, new FrameOutput(64, 1 << 20));
            to.writeInt(body.length);
            to.write(body);
        }

        @Serial
        private void readObject(ObjectInputStream from) throws IOException {
            byte[] body = new byte[from.readInt()];
            from.readFully(body);
            inside = ends().decode(body);
        }

        private static Ends ends() {
            return Objects.requireNonNull(ENDS.get());
        }

        Object[] contents() {
            return (Object[]) Objects.requireNonNull(inside);
        }
    }

    /** Decodes what it holds whenever it is made, also while it is decoded. */
    private record Opened(String body) implements Serializable {
        static final List<Object> INSIDE = List.of("inside", 1);

        Opened {
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(Nested.ends().decode(bytes)).isEqualTo(INSIDE);
        }
    }

    private static int twice(int number) {
        return 2 * number;
    }

    // ---- two ends

    /**
     * The two ends of a connection, without a connection.
     *
     * <p><b>Threads:</b> one.
     */
    private static final class Ends {
        final Stands stands = new Stands();
        final Codec sender;
        final Codec receiver;
        final FrameOutput out = new FrameOutput(64, 1 << 28);

        Ends(CodecProvider provider) {
            this(provider, InputFilter.none());
        }

        Ends(CodecProvider provider, InputFilter filter) {
            sender = provider.open(stands, InputFilter.none());
            receiver = provider.open(stands, filter);
        }

        /** The body; its definitions are at the other end. */
        byte[] encode(@Nullable Object value) {
            out.clear();
            return encode(value, out);
        }

        /** The body, which is in the frame behind what was there. */
        byte[] encode(@Nullable Object value, FrameOutput to) {
            int start = to.size();
            for (Definition definition : sender.encode(value, to)) {
                receiver.define(definition.bytes());
                definition.sent();
            }
            byte[] body = new byte[to.size() - start];
            to.frame().position(start).get(body);
            return body;
        }

        @Nullable
        Object decode(byte[] body) {
            return receiver.decode(ByteBuffer.wrap(body), LOADER);
        }

        @SuppressWarnings("unchecked")
        <T> T trip(T value) {
            Object there = decode(encode(value));
            if (there == null) {
                throw new AssertionError("null came out of " + value);
            }
            return (T) there;
        }
    }

    /** Numbers in place of what the engine carries itself. */
    private static final class Stands implements Substitution {
        private final IdentityHashMap<Object, Byte> numbers = new IdentityHashMap<>();
        private final Map<Byte, Object> objects = new HashMap<>();
        final List<Object> declined = new ArrayList<>();
        boolean takesAll; // arrays and buffers too
        int replaced;
        int forgotten;
        int resolved;

        @Override
        public byte @Nullable [] replace(Object object) {
            if (!takesAll && !isOfTheEngine(object)) {
                declined.add(object);
                return null; // the codec's own business
            }
            replaced++;
            byte number = numbers.computeIfAbsent(object, any -> (byte) (numbers.size() + 1));
            objects.put(number, object);
            return new byte[] {42, number};
        }

        private static boolean isOfTheEngine(Object object) {
            return object instanceof Proxy<?> || object instanceof Stub || object instanceof SharedMemory;
        }

        @Override
        public void forget(byte[] bytes) {
            forgotten += objects.containsKey(bytes[1]) ? 1 : 0;
        }

        @Override
        public Object resolve(byte[] bytes) {
            resolved++;
            Object found = bytes.length == 2 && bytes[0] == 42 ? objects.get(bytes[1]) : null;
            if (found == null) {
                throw new CodecException("not a proxy");
            }
            return found;
        }
    }

    /** A proxy that is nothing but one. */
    private static final class Handle implements Proxy<String> {
        @Override
        public String get() {
            return "here";
        }

        @Override
        public <R extends @Nullable Object, X extends Exception> R call(Work<? super String, R, X> work) throws X {
            return work.call(get());
        }

        @Override
        public <X extends Exception> void run(Effect<? super String, X> effect) throws X {
            effect.run(get());
        }

        @Override
        public <R extends @Nullable Object> Task<R> schedule(Work<? super String, R, ?> work) {
            throw new IllegalStateException("not here");
        }

        @Override
        public <S> S as(Class<S> type) {
            return type.cast(get());
        }

        @Override
        public String stub() {
            return get();
        }

        @Override
        public void close() {}
    }

    /** Has a type of the engine, and nothing that could travel. */
    private static Object standIn(Class<?> type) {
        return java.lang.reflect.Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, (self, method, arguments) -> {
            throw new IllegalStateException("not here");
        });
    }

    private Ends ends() {
        return new Ends(provider());
    }

    // ---- the rules

    /** Common values come out equal to what went in, and of the same class; null too. */
    @Test
    public void c01_commonValues() {
        Ends ends = ends();
        Map<String, Integer> ordered = new LinkedHashMap<>(Map.of("one", 1));
        ordered.put("two", 2);
        List<Object> values = new ArrayList<>(List.of(
                true,
                (byte) -1,
                (short) 300,
                'x',
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Float.MIN_VALUE,
                Double.NaN,
                "",
                "text \u00e4 \u4e2d \ud83d\ude00 \u0000",
                BigInteger.TEN.pow(50),
                new BigDecimal("1.50"),
                List.of(),
                List.of(1, "two", 3L),
                Set.of(5),
                Map.of("k", List.of("v")),
                new ArrayList<>(List.of(1, 2)),
                ordered,
                new TreeMap<>(Map.of(3, "c", 1, "a")),
                new EnumMap<>(Map.of(Direction.UP, 1)),
                Direction.DOWN,
                Duration.ofMillis(5),
                Instant.EPOCH,
                LocalDate.of(2024, 2, 29),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                String.class,
                int.class));
        values.add(new Point(1, "a", new Point(2, "b", null)));
        for (Object value : values) {
            Object there = ends.trip(value);
            assertThat(there).isEqualTo(value);
            assertThat(there.getClass()).isEqualTo(value.getClass());
        }
        assertThat(ends.decode(ends.encode(null))).isNull();
        assertThat(new ArrayList<>(ends.trip(new ArrayDeque<>(List.of(1, 2, 3)))))
                .containsExactly(1, 2, 3);
        assertThat(ends.trip(Direction.UP)).isSameAs(Direction.UP);
    }

    /** Arrays of everything come out with the same contents. */
    @Test
    public void c02_arrays() {
        Ends ends = ends();
        assertThat(ends.trip(new int[] {1, -2, 3})).containsExactly(1, -2, 3);
        assertThat(ends.trip(new double[] {1.5})).containsExactly(1.5);
        assertThat(ends.trip(new boolean[] {true, false})).containsExactly(true, false);
        assertThat(ends.trip(new String[] {"a", null})).containsExactly("a", null);
        assertThat(ends.trip(new long[0])).isEmpty();
        int[][] nested = ends.trip(new int[][] {{1}, {2, 3}});
        assertThat(nested[1]).containsExactly(2, 3);
        Object[] mixed = ends.trip(new Object[] {1, "a", new Object[] {2}});
        assertThat(mixed[1]).isEqualTo("a");
    }

    /** Lambdas travel with what they captured, and method references too. */
    @Test
    public void c03_functions() throws Exception {
        Ends ends = ends();
        int number = 5;
        String text = "text";
        List<Integer> list = new ArrayList<>(List.of(1, 2));
        Call<String, RuntimeException> all = () -> text + number + list;
        assertThat(ends.trip(all).call()).isEqualTo("text5[1, 2]");
        Call<Integer, RuntimeException> inner = () -> number + 1;
        Call<Integer, RuntimeException> outer = () -> inner.call() + 1;
        assertThat(ends.trip(outer).call()).isEqualTo(7);
        Work<Integer, Integer, RuntimeException> reference = CodecRules::twice;
        assertThat(ends.trip(reference).call(4)).isEqualTo(8);
        Call<String, RuntimeException> bound = "abc"::toUpperCase;
        for (int i = 0; i < 3; i++) { // the first defines, the others use
            assertThat(ends.trip(bound).call()).isEqualTo("ABC");
            assertThat(ends.trip(all).call()).isEqualTo("text5[1, 2]");
        }
    }

    /** Exceptions come out with message, state, cause, suppressed exceptions and stack. */
    @Test
    public void c04_exceptions() {
        StateException error = new StateException("message", 7, new IllegalArgumentException("cause"));
        error.addSuppressed(new IllegalStateException("suppressed"));
        StateException there = ends().trip(error);
        assertThat(there).hasMessage("message").hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(there.state).isEqualTo(7);
        assertThat(there.getSuppressed()).hasSize(1);
        assertThat(there.getStackTrace()[0]).isEqualTo(error.getStackTrace()[0]);
    }

    /** Within one graph an object is one object, and a circle is a circle. */
    @Test
    public void c05_identityWithinAGraph() {
        Ends ends = ends();
        List<Integer> shared = new ArrayList<>(List.of(1));
        List<List<Integer>> twice = ends.trip(new ArrayList<>(List.of(shared, shared)));
        assertThat(twice.get(0)).isSameAs(twice.get(1));
        Node node = new Node();
        node.next = node;
        node.name = "circle";
        Node there = ends.trip(node);
        assertThat(there.next).isSameAs(there);
        Object[] self = new Object[1];
        self[0] = self;
        Object[] selfThere = ends.trip(self);
        assertThat(selfThere[0]).isSameAs(selfThere);
    }

    /** Bodies are independent: in any order, any number of times, one changed object sent twice is two. */
    @Test
    public void c06_bodiesAreIndependent() throws Exception {
        Ends ends = ends();
        List<Integer> list = new ArrayList<>(List.of(1));
        Call<Integer, RuntimeException> size = list::size;
        byte[] first = ends.encode(new Object[] {list, size, new Point(1, "a", null)});
        list.add(2);
        byte[] second = ends.encode(new Object[] {list, size, new Point(2, "b", null)});
        for (int i = 0; i < 2; i++) {
            Object[] two = (Object[]) Objects.requireNonNull(ends.decode(second));
            Object[] one = (Object[]) Objects.requireNonNull(ends.decode(first));
            assertThat(one[0]).isEqualTo(List.of(1));
            assertThat(two[0]).isEqualTo(List.of(1, 2));
            assertThat(((Call<?, ?>) two[1]).call()).isEqualTo(2);
            assertThat(one[2]).isEqualTo(new Point(1, "a", null));
        }
    }

    /** A definition that was not sent comes again with the next body that needs it; a repeated one does no harm. */
    @Test
    public void c07_definitionsThatWereNotSentComeAgain() throws Exception {
        Ends ends = ends();
        Call<Integer, RuntimeException> function = () -> 11;
        Object value = new Object[] {function, new Point(1, "a", null), new Node()};
        int firstTime = ends.sender.encode(value, ends.out).size(); // the frame is thrown away
        ends.out.clear();
        List<Definition> again = ends.sender.encode(value, ends.out);
        assertThat(again).hasSize(firstTime);
        for (Definition definition : again) {
            ends.receiver.define(definition.bytes());
            ends.receiver.define(definition.bytes());
        }
        byte[] body = new byte[ends.out.size()];
        ends.out.frame().get(body);
        again.forEach(Definition::sent);
        Object[] there = (Object[]) Objects.requireNonNull(ends.decode(body));
        assertThat(((Call<?, ?>) there[0]).call()).isEqualTo(11);
        ends.out.clear();
        assertThat(ends.sender.encode(value, ends.out)).as("sent once").isEmpty();
    }

    /**
     * A proxy is replaced wherever it is, and only its bytes travel; each reception answers one replacement. The same holds
     * of live stand-ins and of shared memory.
     */
    @Test
    public void c08_proxiesAreReplaced() throws Exception {
        Ends ends = ends();
        Handle handle = new Handle();
        assertThat(ends.trip(handle)).isSameAs(handle);
        Call<String, RuntimeException> captured = () -> handle.get();
        assertThat(ends.trip(captured).call()).isEqualTo("here");
        List<Object> list = ends.trip(new ArrayList<>(List.of(handle, "x", handle)));
        assertThat(list.get(0)).isSameAs(handle);
        assertThat(list.get(2)).isSameAs(handle);
        for (Class<?> type : List.of(Stub.class, SharedMemory.class)) {
            Object object = standIn(type);
            assertThat(ends.trip(object) == object).as("%s is itself", type).isTrue();
            Call<Object, RuntimeException> captures = () -> object;
            Object[] there = ends.trip(new Object[] {object, captures, new TreeMap<>(Map.of("k", object))});
            assertThat(there[0] == object).as("%s in an array", type).isTrue();
            assertThat(((Call<?, ?>) there[1]).call() == object)
                    .as("%s in a function", type)
                    .isTrue();
            assertThat(((Map<?, ?>) there[2]).get("k") == object)
                    .as("%s in a map", type)
                    .isTrue();
        }
        assertThat(ends.stands.replaced).isPositive();
        assertThat(ends.stands.resolved).isEqualTo(ends.stands.replaced);
    }

    /** What cannot travel is refused with its name, and what was written before does no harm. */
    @Test
    public void c09_whatCannotTravelIsNamed() {
        Ends ends = ends();
        Stays stays = new Stays();
        Call<String, RuntimeException> captures = () -> stays.toString();
        for (Object value : List.of(stays, List.of(1, stays), captures)) {
            assertThatThrownBy(() -> ends.encode(value))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Stays");
        }
        assertThat(ends.trip(new Point(1, "a", null))).isEqualTo(new Point(1, "a", null));
    }

    /** Has classes that nobody else has: those of others, under names of its own. */
    private static final class Alone extends ClassLoader {
        Alone() {
            super(LOADER);
        }

        /** As a class, but named {@code Lone}; the other's name has four letters too. */
        Class<?> define(Class<?> type) throws IOException {
            String name = type.getName().replace('.', '/');
            String lone = name.substring(0, name.lastIndexOf('$')) + "$Lone";
            try (InputStream in = LOADER.getResourceAsStream(name + ".class")) {
                if (in == null) {
                    throw new IOException("no class file of " + name);
                }
                String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                byte[] renamed = bytes.replace(name, lone).getBytes(StandardCharsets.ISO_8859_1);
                return defineClass(null, renamed, 0, renamed.length);
            }
        }
    }

    /** The class loader that is given resolves classes and dynamic proxies; where a class is missing, its name is told. */
    @Test
    public void c10_theLoaderThatIsGivenResolves() throws Exception {
        Ends ends = ends();
        Alone alone = new Alone();
        Object node = alone.define(Node.class).getConstructor().newInstance();
        Object proxy = dynamicProxy(alone.define(Role.class));
        for (Object value : List.of(node, proxy)) {
            byte[] body = ends.encode(value);
            assertThatThrownBy(() -> ends.decode(body))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Rules$Lone");
            Object there = Objects.requireNonNull(ends.receiver.decode(ByteBuffer.wrap(body), alone));
            assertThat(there.getClass()).isSameAs(value.getClass());
        }
        assertThat(ends.trip(new Node())).isNotNull();
    }

    /** Large values come out whole. */
    @Test
    public void c11_largeValues() {
        Ends ends = ends();
        byte[] bytes = new byte[20 << 20];
        new Random(1).nextBytes(bytes);
        assertThat(Arrays.equals(ends.trip(bytes), bytes)).isTrue();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            numbers.add(i);
        }
        assertThat(ends.trip(numbers).equals(numbers)).isTrue();
        String text = "x\u4e2d".repeat(500_000);
        assertThat(ends.trip(text).equals(text)).isTrue();
    }

    /** A message longer than a frame is refused. */
    @Test
    public void c12_aMessageBeyondTheFrameIsRefused() {
        Codec sender = provider().open(new Stands(), InputFilter.none());
        assertThatThrownBy(() -> sender.encode(new byte[10_000], new FrameOutput(64, 1000)))
                .isInstanceOf(CodecException.class);
    }

    private static Object sample() {
        Call<Integer, RuntimeException> function = () -> 11;
        StateException error = new StateException("m", 1, new IllegalStateException("c"));
        StackTraceElement[] stack = {new StackTraceElement("Type", "method", "Type.java", 5)};
        error.setStackTrace(stack);
        Objects.requireNonNull(error.getCause()).setStackTrace(stack);
        return new ArrayList<>(Arrays.asList(
                1,
                "text",
                new Point(1, "a", null),
                new Node(),
                function,
                new int[] {1, 2, 3},
                new HashMap<>(Map.of("k", "v")),
                Direction.UP,
                error));
    }

    /** Fails unless it is a value or a CodecException, soon. */
    private static void decodeDamaged(Codec receiver, byte[] body) {
        long start = System.nanoTime();
        try {
            Object value = receiver.decode(ByteBuffer.wrap(body), LOADER);
            assertThat(value == null || value.getClass() != null).isTrue();
        } catch (CodecException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        assertThat(System.nanoTime() - start).as("time").isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    /** A body that is cut off anywhere is a CodecException, or a value, and the codec is not harmed. */
    @Test
    public void c13_aBodyThatIsCutOff() {
        Ends ends = ends();
        byte[] body = ends.encode(sample());
        for (int length = 0; length < body.length; length++) {
            decodeDamaged(ends.receiver, Arrays.copyOf(body, length));
        }
        assertThat(ends.decode(body)).isInstanceOf(List.class);
    }

    /** Random bytes, and bodies with random changes, are a CodecException, or a value: no other error, no hang. */
    @Test
    public void c14_damagedBodies() {
        Random random = random();
        Ends ends = ends();
        byte[] body = ends.encode(sample());
        for (int i = 0; i < rounds(20_000); i++) {
            byte[] damaged;
            if (i % 4 == 0) {
                damaged = new byte[random.nextInt(100)];
                random.nextBytes(damaged);
            } else {
                damaged = body.clone();
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
            }
            decodeDamaged(ends.receiver, damaged);
        }
        assertThat(ends.decode(body)).isInstanceOf(List.class);
    }

    /** Random definitions are a CodecException, or taken. */
    @Test
    public void c15_damagedDefinitions() {
        Random random = random();
        Ends ends = ends();
        for (int i = 0; i < rounds(5000); i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            try {
                ends.receiver.define(ByteBuffer.wrap(bytes));
            } catch (CodecException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** Many threads encode and decode at once. */
    @Test
    public void c16_manyThreads() throws Exception {
        Ends ends = ends();
        List<Background<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int base = i;
            all.add(Background.start(() -> {
                int count = rounds(2000);
                for (int k = 0; k < count; k++) {
                    FrameOutput out = new FrameOutput(64, 1 << 20);
                    Call<Integer, RuntimeException> function = captured(base, k);
                    List<Definition> needed = ends.sender.encode(new Object[] {function, new Point(k, "x", null)}, out);
                    synchronized (ends) { // the reader, which defines in the order of sending
                        for (Definition definition : needed) {
                            ends.receiver.define(definition.bytes());
                            definition.sent();
                        }
                    }
                    Object[] there = (Object[]) Objects.requireNonNull(ends.receiver.decode(out.frame(), LOADER));
                    assertThat(((Call<?, ?>) there[0]).call()).isEqualTo(base + k);
                    assertThat(there[1]).isEqualTo(new Point(k, "x", null));
                }
                return count;
            }));
        }
        for (Background<Integer> one : all) {
            assertThat(one.result()).isPositive();
        }
    }

    private static Call<Integer, RuntimeException> captured(int base, int number) {
        return number % 2 == 0 ? () -> base + number : () -> number + base;
    }

    /** Of what is not sent after all, each replacement is forgotten; of what is sent, none. */
    @Test
    public void c17_replacementsOfWhatIsNotSentAreForgotten() {
        Ends ends = ends();
        Object cannot = new ArrayList<>(List.of(new Handle(), new Handle(), new Stays()));
        assertThatThrownBy(() -> ends.encode(cannot)).isInstanceOf(CodecException.class);
        assertThat(ends.stands.forgotten).isEqualTo(ends.stands.replaced);
        Codec codec = provider().open(ends.stands, InputFilter.none());
        Object tooLong = new Object[] {new Handle(), new byte[10_000]};
        assertThatThrownBy(() -> codec.encode(tooLong, new FrameOutput(64, 1000)))
                .isInstanceOf(CodecException.class);
        assertThat(ends.stands.forgotten).isEqualTo(ends.stands.replaced);
        int before = ends.stands.forgotten;
        assertThat(ends.trip(new ArrayList<>(List.of(new Handle())))).hasSize(1);
        assertThat(ends.stands.forgotten).isEqualTo(before);
    }

    /** Byte buffers travel as their remaining bytes, in their order, and are left as they were; other buffers do not. */
    @Test
    public void c18_buffers() {
        Ends ends = ends();
        ByteBuffer heap = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3).slice();
        ByteBuffer direct = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
        direct.putInt(0, 77).limit(4);
        assertThat(ends.trip(heap)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer there = ends.trip(direct);
        assertThat(there.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(there.remaining()).isEqualTo(4);
        assertThat(there.getInt()).isEqualTo(77);
        assertThat(direct.position()).isZero();
        ByteBuffer[] readOnly = ends.trip(new ByteBuffer[] {heap.asReadOnlyBuffer(), heap});
        assertThat(readOnly[0]).isEqualTo(heap);
        otherBuffers()
                .forEach((type, buffer) -> assertThatThrownBy(() -> ends.encode(List.of(buffer)))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining(type));
    }

    private static Map<String, Buffer> otherBuffers() {
        return Map.of(
                "CharBuffer", CharBuffer.allocate(1),
                "ShortBuffer", ShortBuffer.allocate(1),
                "IntBuffer", IntBuffer.allocate(1),
                "LongBuffer", LongBuffer.allocate(1),
                "FloatBuffer", FloatBuffer.allocate(1),
                "DoubleBuffer", DoubleBuffer.allocate(1));
    }

    /** The shortest that are large, of all primitives. */
    private static List<Object> largeArrays() {
        int bytes = Substitution.LARGE_BYTES;
        return List.of(
                new boolean[bytes],
                new byte[bytes],
                new short[bytes / Short.BYTES],
                new char[bytes / Character.BYTES],
                new int[bytes / Integer.BYTES],
                new float[bytes / Float.BYTES],
                new long[bytes / Long.BYTES],
                new double[bytes / Double.BYTES]);
    }

    /** Buffers and large arrays are asked about, so that the engine can carry them itself; small arrays are not. */
    @Test
    public void c19_largeArraysAreAskedAbout() {
        Ends ends = ends();
        ends.stands.takesAll = true;
        List<Object> values = new ArrayList<>(largeArrays());
        values.add(ByteBuffer.allocate(1));
        values.addAll(otherBuffers().values());
        for (Object value : values) {
            Class<?> type = value.getClass();
            assertThat(ends.trip(value) == value).as("%s is itself", type).isTrue();
            assertThat(ends.trip(new Object[] {value})[0] == value)
                    .as("%s in an array is itself", type)
                    .isTrue();
            assertThat(ends.encode(value).length).isLessThan(1000);
        }
        for (Object large : largeArrays()) {
            Class<?> type = large.getClass();
            ends.stands.takesAll = true;
            Object small = Array.newInstance(type.getComponentType(), Array.getLength(large) - 1);
            assertThat(ends.trip(small) == small)
                    .as("a small %s is itself", type)
                    .isFalse();
            ends.stands.takesAll = false;
            assertThat(Objects.deepEquals(ends.trip(large), large))
                    .as("%s", type)
                    .isTrue();
            assertThat(ends.stands.declined).hasAtLeastOneElementOfType(type);
        }
    }

    /** A codec that explains explains as it encodes: the same functions travel, in the same words, and nothing is kept. */
    @Test
    public void c20_explanationsAgreeWithTheCodec() {
        ExplainingCodecProvider explaining = provider() instanceof ExplainingCodecProvider own
                ? own
                : Assumptions.abort("a codec that does not explain");
        Ends ends = ends();
        Handle handle = new Handle();
        int number = 20;
        Call<String, RuntimeException> travels = () -> handle.get() + number;
        Explanation good = explaining.explain(travels, ends.stands);
        assertThat(good.travels()).isTrue();
        assertThat(good.bytes()).isPositive();
        assertThat(good.captures()).extracting(Explanation.Capture::bytes).allMatch(bytes -> bytes > 0);
        Stays stays = new Stays();
        Call<String, RuntimeException> captures = () -> handle.get() + stays;
        Explanation bad = explaining.explain(captures, ends.stands);
        assertThat(ends.stands.forgotten).isEqualTo(ends.stands.replaced);
        assertThat(bad.travels()).isFalse();
        for (Explanation.Obstacle obstacle : bad.obstacles()) {
            assertThatThrownBy(() -> ends.encode(captures))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContainingAll(obstacle.path(), obstacle.reason(), obstacle.cure());
        }
        assertThat(bad.bytes()).isEqualTo(Explanation.UNKNOWN);
    }

    // ---- frames around bodies

    /** Bytes with those of others around them; the buffer is at them, and limited to them. */
    private static ByteBuffer among(ByteBuffer others, ByteBuffer bytes) {
        overwrite(others);
        int end = OTHERS_BYTES + bytes.remaining();
        return others.position(OTHERS_BYTES).put(bytes).limit(end).position(OTHERS_BYTES);
    }

    private static void overwrite(ByteBuffer buffer) {
        buffer.clear();
        while (buffer.hasRemaining()) {
            buffer.put(OF_OTHERS);
        }
    }

    /** The same bytes in the middle of every kind of buffer. */
    private static List<ByteBuffer> amongOthers(byte[] bytes) {
        int length = bytes.length + 2 * OTHERS_BYTES;
        ByteBuffer wrapped = ByteBuffer.wrap(bytes);
        ByteBuffer slice = ByteBuffer.allocate(length + 1).position(1).slice(); // its array begins before it
        ByteBuffer readOnly =
                among(ByteBuffer.allocate(length), wrapped.duplicate()).asReadOnlyBuffer();
        ByteBuffer direct = among(ByteBuffer.allocateDirect(length), wrapped.duplicate());
        return List.of(
                among(ByteBuffer.allocate(length), wrapped.duplicate()),
                among(slice, wrapped.duplicate()),
                readOnly,
                direct,
                direct.asReadOnlyBuffer());
    }

    /** Of a definition the bytes are kept, and not the buffer, which is another's again after the call. */
    @Test
    public void c26_definitionsAreCopied() throws Exception {
        Call<Integer, RuntimeException> function = () -> 11;
        Object value = new Object[] {function, new Point(1, "a", null), new Node(), Direction.DOWN, UUID.class};
        for (boolean isDirect : new boolean[] {true, false}) {
            Ends ends = ends();
            for (Definition definition : ends.sender.encode(value, ends.out)) {
                int length = definition.bytes().remaining() + 2 * OTHERS_BYTES;
                ByteBuffer room = isDirect ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
                ends.receiver.define(among(room, definition.bytes()));
                overwrite(room);
                definition.sent();
            }
            byte[] body = new byte[ends.out.size()];
            ends.out.frame().get(body);
            Object[] there = (Object[]) Objects.requireNonNull(ends.decode(body));
            assertThat(((Call<?, ?>) there[0]).call()).isEqualTo(11);
            assertThat(there[1]).isEqualTo(new Point(1, "a", null));
            assertThat(there[2]).isInstanceOf(Node.class);
            assertThat(there[3]).isSameAs(Direction.DOWN);
            assertThat(there[4]).isSameAs(UUID.class);
        }
    }

    /**
     * A body is in the middle of a frame: what is in front of it is left alone, and it is read where it stands. Of what was
     * read nothing is in the frame, which is another's again.
     */
    @Test
    public void c27_bodiesInTheMiddleOfFrames() {
        Ends ends = ends();
        List<Object> values = List.of(
                7,
                "text",
                new Point(1, "a", new Point(2, "b", null)),
                new ArrayList<>(List.of(new Handle(), Direction.UP, 5L, List.of("x".repeat(1000)))),
                new ArrayList<>(List.of(new Point(3, "c", null), new TreeMap<>(Map.of("k", 1)), Locale.ROOT)));
        for (Object value : values) {
            FrameOutput out = frameOfOthers(1 << 20);
            byte[] body = ends.encode(value, out);
            assertThatOthersAreLeftAlone(out);
            for (ByteBuffer frame : amongOthers(body)) {
                assertThat(ends.receiver.decode(frame, LOADER))
                        .as("from %s", frame)
                        .isEqualTo(value);
            }
        }
        for (Object refused : List.of(
                new Object[] {new Point(1, "a", null), new Stays()},
                new Object[] {new TreeMap<>(Map.of("k", 1)), new Stays()},
                new Object[] {new byte[10_000]})) {
            FrameOutput out = frameOfOthers(1000);
            assertThatThrownBy(() -> ends.sender.encode(refused, out)).isInstanceOf(CodecException.class);
            out.size(OTHERS_BYTES); // what else was written is thrown away
            assertThatOthersAreLeftAlone(out);
        }
        byte[] bytes = {1, 2, 3};
        Object both = new Object[] {bytes, ByteBuffer.wrap(bytes)};
        assertThatNothingStaysInTheFrame(ends, ends.encode(bytes), bytes);
        assertThatNothingStaysInTheFrame(ends, ends.encode(ByteBuffer.wrap(bytes)), ByteBuffer.wrap(bytes));
        assertThatNothingStaysInTheFrame(ends, ends.encode(both), both);
    }

    private static void assertThatNothingStaysInTheFrame(Ends ends, byte[] body, Object value) {
        int length = body.length + 2 * OTHERS_BYTES;
        for (ByteBuffer frame : List.of(ByteBuffer.allocate(length), ByteBuffer.allocateDirect(length))) {
            Object there = ends.receiver.decode(among(frame, ByteBuffer.wrap(body)), LOADER);
            overwrite(frame);
            assertThat(Objects.deepEquals(there, value))
                    .as("%s from %s", value.getClass(), frame)
                    .isTrue();
        }
    }

    private static FrameOutput frameOfOthers(int maxBytes) {
        FrameOutput out = new FrameOutput(64, maxBytes);
        for (int i = 0; i < OTHERS_BYTES; i++) {
            out.putByte(OF_OTHERS);
        }
        return out;
    }

    private static void assertThatOthersAreLeftAlone(FrameOutput out) {
        byte[] others = new byte[OTHERS_BYTES];
        out.frame().get(others);
        assertThat(others).containsOnly(OF_OTHERS);
    }

    /** While a thread encodes or decodes, code of users runs, which may do the same with the same codec. */
    @Test
    public void c28_bodiesWithinBodies() throws Exception {
        Ends ends = ends();
        Nested.ENDS.set(ends);
        try {
            Call<Integer, RuntimeException> function = () -> 11;
            List<Integer> list = new ArrayList<>(List.of(1));
            Nested inmost = new Nested(new Object[] {new Point(2, "b", null), new TreeMap<>(Map.of("k", 1))});
            Nested nested = new Nested(new Object[] {list, inmost, function, list, inmost});
            for (int i = 0; i < 2; i++) { // the first defines, the other uses
                Object[] there =
                        ends.trip(new Object[] {list, nested, new Point(1, "a", null), list, nested, function});
                assertThat(there[0]).isEqualTo(list).isSameAs(there[3]);
                assertThat(there[1]).isSameAs(there[4]);
                assertThat(there[2]).isEqualTo(new Point(1, "a", null));
                assertThat(((Call<?, ?>) there[5]).call()).isEqualTo(11);
                Object[] inside = ((Nested) there[1]).contents();
                assertThat(inside[0]).isEqualTo(list).isSameAs(inside[3]);
                assertThat(inside[1]).isSameAs(inside[4]);
                assertThat(((Call<?, ?>) inside[2]).call()).isEqualTo(11);
                assertThat(((Nested) inside[1]).contents())
                        .containsExactly(new Point(2, "b", null), new TreeMap<>(Map.of("k", 1)));
            }
            Opened opened = new Opened(new String(ends.encode(Opened.INSIDE), StandardCharsets.ISO_8859_1));
            Object[] there = ends.trip(new Object[] {list, opened, new Point(1, "a", null), list, opened});
            assertThat(there[0]).isEqualTo(list).isSameAs(there[3]);
            assertThat(there[1]).isEqualTo(opened).isSameAs(there[4]);
            assertThat(there[2]).isEqualTo(new Point(1, "a", null));
        } finally {
            Nested.ENDS.remove();
        }
    }
}
