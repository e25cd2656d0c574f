// SPDX-License-Identifier: Apache-2.0
package closed.app;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Explanation;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/** Sends objects of a closed module through a codec; prints one line for each that arrived. */
public final class Main {
    private static CodecProvider provider;
    private static Codec sender;
    private static Codec receiver;

    enum Color {
        RED,
        GREEN
    }

    record Point(int x, int y) implements Serializable {}

    record Primitives(boolean z, byte b, short s, char c, int i, long j, float f, double d, String text)
            implements Serializable {}

    record Pair(Object first, Object second) implements Serializable {}

    record Typed(String text, List<Integer> list, Call<Integer, RuntimeException> call, LocalDate date, int[] ints)
            implements Serializable {}

    record ZFirst(Object z, int m, Object a, long b) implements Serializable {}

    record OfClass(String before, Class<?> type, String after) implements Serializable {}

    record Positive(int value) implements Serializable {
        Positive {
            if (value < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    static final class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private Object next;

        Node(String name) {
            this.name = name;
        }

        Call<String, RuntimeException> call() {
            return () -> name + "!";
        }
    }

    /** Fields of all kinds. */
    static class Kinds implements Serializable {
        private static final long serialVersionUID = 1L;

        private final boolean z;
        private final byte b;
        private final short s;
        private final char c;
        private final int i;
        private final long j;
        private final float f;
        private final double d;
        private final int[] ints;
        private final Object self = this;

        Kinds(int n) {
            z = n > 0;
            b = (byte) n;
            s = (short) n;
            c = (char) n;
            i = n;
            j = -n;
            f = n / 2f;
            d = n / 4d;
            ints = new int[] {n};
        }

        @Override
        public String toString() {
            return z + " " + b + " " + s + " " + (int) c + " " + i + " " + j + " " + f + " " + d + " " + ints[0] + " "
                    + (self == this);
        }
    }

    static final class BelowKinds extends Kinds {
        private static final long serialVersionUID = 1L;

        private final String i = "another i";

        BelowKinds(int n) {
            super(n);
        }

        @Override
        public String toString() {
            return super.toString() + " " + i;
        }
    }

    static final class Secret implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Object thread = Thread.currentThread();
    }

    private static final class NoProxies implements Substitution {
        @Override
        public byte[] replace(Object proxy) {
            throw new CodecException("no proxies here");
        }

        @Override
        public Object resolve(byte[] bytes) {
            throw new CodecException("no proxies here");
        }
    }

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        for (CodecProvider found : ServiceLoader.load(CodecProvider.class)) {
            if (found.name().equals(arguments[0])) {
                provider = found;
            }
        }
        Substitution none = new NoProxies();
        sender = provider.open(none, InputFilter.none());
        receiver = provider.open(none, InputFilter.none());
        own();
        if (arguments[1].equals("rest")) {
            records();
            rest();
            refusals();
            explanations();
        }
        System.out.println("done in module " + Main.class.getModule().getName());
    }

    private static Object trip(Object value) {
        FrameOutput out = new FrameOutput(64, 1 << 20);
        for (Definition definition : sender.encode(value, out)) {
            receiver.define(definition.bytes());
            definition.sent();
        }
        return receiver.decode(out.frame(), Main.class.getClassLoader());
    }

    private static void arrives(Object value) {
        same(value, trip(value));
        same(value, ((Object[]) trip(new Object[] {value}))[0]);
    }

    private static void same(Object expected, Object actual) {
        if (!Objects.deepEquals(expected, actual)) {
            throw new AssertionError(expected + " became " + actual);
        }
        System.out.println("arrived: " + expected);
    }

    private static Object call(Object call) throws Exception {
        return ((Call<?, ?>) call).call();
    }

    /** What a fresh slave usually gets: no class of JBoss may be needed for it. */
    private static void own() throws Exception {
        int n = 3;
        String text = "abc";
        Integer boxed = 70_000;
        Call<String, RuntimeException> call = () -> text + n + boxed;
        same("abc370000", call(trip(call)));
        Call<Integer, RuntimeException> none = () -> 5;
        same(5, call(trip(none)));
        Call<Integer, RuntimeException> outer = () -> none.call() + n;
        same(8, call(trip(outer)));
        if (!Main.class.getModule().isNamed()) {
            same(new BelowKinds(9).toString(), trip(new BelowKinds(9)).toString());
        }
        Call<Long, RuntimeException> reference = System::nanoTime;
        same(true, call(trip(reference)) instanceof Long);
        Call<String, RuntimeException> bound = text::trim;
        same("abc", call(trip(bound)));
        for (Object value : new Object[] {
            null, true, (byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, "eight", new int[] {9}, new byte[10], new String[] {"a"},
            Color.RED, Color.class, new Color[] {Color.GREEN}, new ArrayList<>(List.of(1, 2)), List.of(1, 2, 3),
            new HashMap<>(Map.of("a", 1)), Optional.of("x"), new Point(1, 2), new Pair(new Point(1, 2), Color.RED)
        }) {
            arrives(value);
        }
    }

    private static void records() throws Exception {
        arrives(new Primitives(true, (byte) -1, (short) -2, 'c', -4, -5L, 6.5f, 7.5d, "text"));
        arrives(new Primitives(false, (byte) 0, (short) 0, '\0', 0, 0, 0, 0, null));
        arrives(new Pair(null, null));
        arrives(new Pair(null, "x"));
        arrives(new Pair("x", null));
        arrives(new Pair(new Pair("a", 1), List.of(1, 2)));
        arrives(new Pair("Ljava/lang/Object;", "Ljava/lang/Object;".intern()));
        arrives(new ZFirst("z", 1, "a", 2L));
        arrives(new ZFirst("same".intern(), 1, "same".intern(), 2L));
        arrives(new Positive(3));
        String shared = new String("shared");
        Pair pair = (Pair) trip(new Pair(shared, shared));
        same(true, pair.first() == pair.second());
        Object[] both = (Object[]) trip(new Object[] {new Pair(shared, 1), new Pair(shared, 2), new BitSet()});
        same(true, ((Pair) both[0]).first() == ((Pair) both[1]).first());
        int n = 4;
        Typed typed = (Typed) trip(new Typed("t", List.of(1, 2), () -> n, LocalDate.of(2024, 1, 2), new int[] {3}));
        same(4, typed.call().call());
        same(List.of(1, 2), typed.list());
        same(LocalDate.of(2024, 1, 2), typed.date());
        Pair untyped = (Pair) trip(new Pair(List.of("a"), (Call<Integer, RuntimeException>) () -> n));
        same(List.of("a"), untyped.first());
        same(4, call(untyped.second()));
        Object[] circle = new Object[1];
        circle[0] = new Pair(circle, 1);
        Object[] copy = (Object[]) trip(circle);
        same(true, ((Pair) copy[0]).first() == copy);
        same(true, ((Object[]) ((Pair) trip(circle[0])).first())[0] instanceof Pair);
    }

    private static void rest() throws Exception {
        Node node = new Node("n");
        node.next = node.call();
        Node copy = (Node) trip(node);
        same("n!", call(copy.next));
        same("n!", call(trip(node.call())));
        same("true 57 -199 65337 65337 -65337 32668.5 16334.25 65337 true another i", trip(new BelowKinds(65_337)).toString());
        same("false -2 -2 65534 -2 2 -1.0 -0.5 -2 true", trip(new Kinds(-2)).toString());
        BitSet bits = BitSet.valueOf(new long[] {5});
        Call<Object, RuntimeException> call = () -> List.of(bits, node.name);
        same(List.of(bits, "n"), call(trip(call)));
        arrives(new Pair(bits, Color.RED));
        arrives(new Primitives(true, (byte) -1, (short) -2, 'c', -4, -5L, 6.5f, 7.5d, "text"));
        Throwable failure = new IllegalStateException("outer", new java.io.IOException("inner"));
        same("inner", ((Throwable) trip(failure)).getCause().getMessage());
        Call<Object, RuntimeException> self = () -> node.next;
        node.next = self;
        Object selfCopy = trip(self);
        same(true, call(selfCopy) == selfCopy);
    }

    private static void refusals() {
        refused(new OfClass("a", String.class, "b"), "holds a Class", "open closed.app to org.processional.codec.jboss");
        refused(new OfClass(null, OfClass.class, null), "holds a Class");
        refused(new OfClass("a", OfClass.class, "b"), "holds a Class");
        arrives(new OfClass("a", null, "b"));
        refused(new Secret(), "closed.app.Main$Secret", "java.lang.Thread", "Secret.thread is in a package that is not open");
        Object thread = Thread.currentThread();
        Call<String, RuntimeException> call = () -> thread.toString();
        refused(call, "the lambda at closed.app.Main.refusals (Main.java:", "captured #1 \"thread\" (java.lang.Thread)");
    }

    static final class Holder {
        private int bar = 5;

        Call<Integer, RuntimeException> lambda() {
            return () -> bar;
        }

        Call<Integer, RuntimeException> anonymous(int n) {
            return new Call<>() {
                @Override
                public Integer call() {
                    return bar + n;
                }
            };
        }
    }

    record OfClassCall(Class<?> type) implements Call<String, RuntimeException> {
        @Override
        public String call() {
            return type.getName();
        }
    }

    /** What is in fields of closed packages is not seen, but all the rest is told. */
    private static void explanations() {
        String end = ", and closed.app.Main$Holder is not Serializable";
        explained(new Holder().lambda(), "[this closed.app.Main$Holder]", "because the lambda uses field bar" + end);
        explained(
                new Holder().anonymous(3),
                "[Holder.this ?, n ?]",
                "this of closed.app.Main$Holder is captured because the anonymous class closed.app.Main$Holder$1 uses"
                        + " field bar" + end);
        explained(new OfClassCall(String.class), "[type ?]", "holds a Class");
    }

    private static void explained(Serializable function, String captures, String obstacle) {
        Explanation explanation = ((ExplainingCodecProvider) provider).explain(function, new NoProxies());
        Object names = explanation.captures().stream()
                .map(capture -> capture.name() + " " + capture.valueType())
                .sorted()
                .toList();
        same(captures, names.toString());
        same(true, explanation.obstacles().get(0).text().contains(obstacle));
        refused(function, explanation.obstacles().get(0).cure());
    }

    private static void refused(Object value, String... parts) {
        try {
            trip(value);
        } catch (CodecException e) {
            for (String part : parts) {
                if (!e.getMessage().contains(part)) {
                    throw new AssertionError(e.getMessage() + " does not contain " + part, e);
                }
            }
            System.out.println("refused: " + e.getMessage());
            return;
        }
        throw new AssertionError(value + " was not refused");
    }
}
