// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * What holds of every codec and the filter that it is given: the part of {@link CodecRules} that is about what must not be
 * read.
 *
 * <p><b>Threads:</b> JUnit's; every rule opens its own codecs.
 *
 * @since 0.1
 */
public abstract class CodecFilterRules {
    /** For subclasses. */
    protected CodecFilterRules() {}

    /** The provider of the codec. */
    protected abstract CodecProvider provider();

    /** Has a class name of its own, and knows whether one of it was made. */
    public static final class Wired implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Makes one. */
        public Wired() {}

        /** A field. */
        public int value = 1;

        @SuppressWarnings("UnusedMethod") // of Java serialization
        private Object readResolve() {
            Made.count++;
            return this;
        }
    }

    /** A class that no message has an object of, but of its heirs. */
    private abstract static class Ancestor implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("UnusedVariable") // it travels
        private int age = 1;
    }

    /** Has a serializable superclass. */
    private static final class Heir extends Ancestor {
        private static final long serialVersionUID = 1L;
    }

    /** What a dynamic proxy can do: nothing. */
    interface Role {}

    /** Gives a dynamic proxy the methods of an object. */
    private record Handler() implements InvocationHandler, Serializable {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
                throws ReflectiveOperationException {
            return method.invoke(this, arguments);
        }
    }

    /** A dynamic proxy that travels as it is, with the class loader of its interface. */
    static Object dynamicProxy(Class<?> role) {
        return Proxy.newProxyInstance(role.getClassLoader(), new Class<?>[] {role}, new Handler());
    }

    /** What was made: outside of the class that is not to be touched. */
    private static final class Made {
        static int count; // of the thread of the rule

        private Made() {}
    }

    /** Refuses what it is told to, and notes what it is asked. */
    private static final class Asked implements InputFilter {
        final Set<String> types = new HashSet<>();
        final Set<String> lambdas = new HashSet<>();
        final Set<String> refused = new HashSet<>();
        boolean noLambdas;
        long mostElements = Long.MAX_VALUE;
        long deepest = Long.MAX_VALUE;
        long mostObjects = Long.MAX_VALUE;

        Asked refuse(Class<?> type) {
            refused.add(type.getName());
            return this;
        }

        private static CodecException no(String what) {
            return new CodecException("the filter refuses " + what);
        }

        @Override
        public void name(String name) {
            String element = name.startsWith("[L") ? name.substring(2, name.length() - 1) : name;
            if (refused.contains(element)) {
                throw no(element);
            }
        }

        @Override
        public void type(Class<?> type) {
            types.add(type.getName());
            if (refused.contains(type.getName())) {
                throw no(type.getName());
            }
        }

        @Override
        public void lambda(Class<?> capturing) {
            lambdas.add(capturing.getName());
            if (noLambdas) {
                throw no("lambdas of " + capturing.getName());
            }
        }

        @Override
        public boolean counts() {
            return mostElements < Long.MAX_VALUE || deepest < Long.MAX_VALUE || mostObjects < Long.MAX_VALUE;
        }

        @Override
        public void count(ObjectInputFilter.FilterInfo info) {
            if (info.arrayLength() > mostElements) {
                throw no(info.arrayLength() + " elements");
            }
            if (info.depth() > deepest) {
                throw no("a depth of " + info.depth());
            }
            if (info.references() > mostObjects) {
                throw no(info.references() + " objects");
            }
        }
    }

    /** Nothing stands for anything. */
    private static final class Nothing implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            return null;
        }

        @Override
        public @Nullable Object resolve(byte[] bytes) {
            throw new CodecException("nothing was replaced");
        }
    }

    /** Notes the classes that it is asked for. */
    private static final class Watched extends ClassLoader {
        final Set<String> asked = new HashSet<>();

        Watched() {
            super(CodecFilterRules.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
        }
    }

    /** Two ends, of which one has a filter. */
    private static final class Way {
        final Codec sender;
        final Codec receiver;
        final Watched loader = new Watched();

        Way(CodecProvider provider, InputFilter filter) {
            sender = provider.open(new Nothing(), InputFilter.none());
            receiver = provider.open(new Nothing(), filter);
        }

        @Nullable
        Object trip(@Nullable Object value) {
            FrameOutput out = new FrameOutput(64, 1 << 24);
            for (Definition definition : sender.encode(value, out)) {
                receiver.define(definition.bytes());
                definition.sent();
            }
            ByteBuffer body = ByteBuffer.allocate(out.size()).put(out.frame()).flip();
            return receiver.decode(body, loader);
        }
    }

    private static Call<Object, RuntimeException> capturing(Object value) {
        return () -> value;
    }

    private static Object graph(Object inside) {
        return new ArrayList<>(Arrays.asList("text", 1, new int[] {1}, capturing(inside)));
    }

    /** Values, and what a filter is asked about each. */
    private static Map<Object, List<Class<?>>> values() {
        Map<Object, List<Class<?>>> values = new LinkedHashMap<>();
        values.put(new CodecRules.Point(1, "a", null), List.of(CodecRules.Point.class));
        values.put(new CodecRules.Node(), List.of(CodecRules.Node.class));
        values.put(CodecRules.Direction.UP, List.of(CodecRules.Direction.class));
        values.put(
                new CodecRules.StateException("m", 1, new IllegalStateException("c")),
                List.of(CodecRules.StateException.class, IOException.class, IllegalStateException.class));
        values.put(new Wired(), List.of(Wired.class));
        values.put(new Wired[] {new Wired()}, List.of(Wired[].class, Wired.class));
        values.put(new CodecRules.Point[0], List.of(CodecRules.Point[].class));
        values.put(new Heir(), List.of(Heir.class, Ancestor.class));
        values.put(dynamicProxy(Role.class), List.of(Role.class));
        values.put(Thread.State.class, List.of(Thread.State.class));
        values.put(new TreeMap<>(Map.of("k", 1L)), List.of(TreeMap.class));
        return values;
    }

    /**
     * Every class of which something is made is asked about, wherever it stands in the graph; so are its superclasses, the
     * interfaces of a dynamic proxy, and the class of an array.
     */
    @Test
    public void c21_theFilterIsAskedAboutEveryClass() {
        values().forEach((value, classes) -> {
            for (Object around : List.of(value, new Object[] {value}, graph(value))) {
                Asked filter = new Asked();
                new Way(provider(), filter).trip(around);
                assertThat(filter.types)
                        .as("%s in %s", value, around)
                        .containsAll(classes.stream().map(Class::getName).toList());
            }
        });
        Asked filter = new Asked();
        new Way(provider(), filter).trip(graph(values().keySet().toArray()));
        values().values()
                .forEach(classes -> assertThat(filter.types)
                        .containsAll(classes.stream().map(Class::getName).toList()));
    }

    /** What a filter may refuse a value by. */
    private static Class<?> refusable(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.getDeclaringClass();
        }
        Class<?> type = value.getClass();
        return Proxy.isProxyClass(type) ? type.getInterfaces()[0] : value instanceof Heir ? Ancestor.class : type;
    }

    /** What the filter refuses ends that message with the filter's words, and no other. */
    @Test
    public void c22_aRefusalEndsOneMessage() {
        Object[] values = {
            new CodecRules.Point(1, "a", null),
            new CodecRules.Node(),
            CodecRules.Direction.DOWN,
            new CodecRules.StateException("m", 1, new IllegalStateException("c")),
            new Wired(),
            new Heir(),
            dynamicProxy(Role.class)
        };
        for (Object value : values) {
            Class<?> type = refusable(value);
            Way way = new Way(provider(), new Asked().refuse(type));
            for (Object around : Arrays.asList(value, graph(value), new Object[] {value}, List.of(value))) {
                assertThatThrownBy(() -> way.trip(around))
                        .as("%s in %s", value, around)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("the filter refuses " + type.getName());
                assertThat(way.trip(graph(1L))).isInstanceOf(List.class);
            }
        }
        Asked noLambdas = new Asked();
        noLambdas.noLambdas = true;
        Way way = new Way(provider(), noLambdas);
        for (Object around : List.of(capturing(1), new Object[] {capturing(1)})) {
            assertThatThrownBy(() -> way.trip(around))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("the filter refuses lambdas of " + CodecFilterRules.class.getName());
        }
        assertThat(noLambdas.lambdas).as("where they were written").containsExactly(CodecFilterRules.class.getName());
        assertThat(way.trip(new CodecRules.Point(2, "b", null))).isEqualTo(new CodecRules.Point(2, "b", null));
    }

    /** A class that is refused by its name is not even looked for, and none of it is made. */
    @Test
    public void c23_aRefusedNameIsNotLookedFor() {
        Made.count = 0;
        Way open = new Way(provider(), new Asked());
        open.trip(graph(new Wired()));
        assertThat(Made.count).as("what is not refused is made").isEqualTo(1);
        Way way = new Way(provider(), new Asked().refuse(Wired.class));
        for (Object value : List.of(new Wired(), graph(new Wired()), new Wired[] {new Wired()})) {
            assertThatThrownBy(() -> way.trip(value)).isInstanceOf(CodecException.class);
        }
        assertThat(Made.count).isEqualTo(1);
        assertThat(way.loader.asked).doesNotContain(Wired.class.getName());
        Way noRoles = new Way(provider(), new Asked().refuse(Role.class));
        assertThatThrownBy(() -> noRoles.trip(dynamicProxy(Role.class))).isInstanceOf(CodecException.class);
        assertThat(noRoles.loader.asked).doesNotContain(Role.class.getName());
    }

    /** Of a lambda that is refused nothing is made, also of what it captures; whether it is refused is another rule. */
    @Test
    public void c25_ofARefusedLambdaNothingIsMade() {
        Asked noLambdas = new Asked();
        noLambdas.noLambdas = true;
        Way way = new Way(provider(), noLambdas);
        for (Object value : List.of(capturing(new Wired()), new Object[] {capturing(new Wired()), 1})) {
            Made.count = 0;
            Throwable refusal = catchThrowable(() -> way.trip(value));
            assertThat(Made.count).as("with refusal %s", refusal).isEqualTo(refusal == null ? 1 : 0);
        }
    }

    private static Object nested(int depth) {
        Object value = "end";
        for (int i = 0; i < depth; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }

    private static Object nestedImmutable(int depth) {
        Object value = "end";
        for (int i = 0; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    /** Beside something that says itself how it is read. */
    private static Object beside(Object value) {
        return new Object[] {new Wired(), value};
    }

    /**
     * A filter that counts is told the length of arrays and collections, the depth, and the number of objects, in whatever
     * form they travel.
     */
    @Test
    public void c24_aFilterThatCountsIsToldHowMuchComes() {
        Asked few = new Asked();
        few.mostElements = 100;
        Way way = new Way(provider(), few);
        List<Object> long200 = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long200.add("a" + i);
        }
        for (Object value : List.of(
                new int[200],
                new CodecRules.Point[200],
                long200,
                graph(new long[200]),
                beside(new long[200]),
                beside(List.copyOf(long200)))) {
            assertThatThrownBy(() -> way.trip(value))
                    .as("%s", value.getClass())
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("the filter refuses");
            assertThat(way.trip(new int[50])).isInstanceOf(int[].class);
        }
        Asked flat = new Asked();
        flat.deepest = 20;
        Way shallow = new Way(provider(), flat);
        assertThatThrownBy(() -> shallow.trip(nested(60))).hasMessageContaining("the filter refuses a depth");
        assertThatThrownBy(() -> shallow.trip(beside(nestedImmutable(60))))
                .hasMessageContaining("the filter refuses a depth");
        assertThat(shallow.trip(nested(4))).isInstanceOf(List.class);
        Asked small = new Asked();
        small.mostObjects = 500;
        Way small500 = new Way(provider(), small);
        List<Object> arrays = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            arrays.add(new int[1]);
        }
        assertThatThrownBy(() -> small500.trip(arrays)).hasMessageContaining("objects");
        for (int i = 0; i < 20; i++) { // each message is counted by itself
            assertThat(small500.trip(graph(new CodecRules.Point(i, "a", null)))).isInstanceOf(List.class);
        }
    }
}
