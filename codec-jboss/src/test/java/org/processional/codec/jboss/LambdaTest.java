// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Action;
import org.processional.Call;
import org.processional.Work;
import org.processional.spi.CodecProvider;

/** Lambdas and method references arrive and work, whatever they capture. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
class LambdaTest implements Serializable {
    private static final long serialVersionUID = 1L;

    private final transient Ends ends;
    private final String field = "field";

    LambdaTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

    interface SerializableSupplier<T> extends Supplier<T>, Serializable {}

    @Test
    void withoutCaptures() {
        Call<Integer, RuntimeException> call = () -> 5;
        assertThat(ends.trip(call).call()).isEqualTo(5);
        assertThat(ends.trip(call).call()).isEqualTo(5);
        assertThat(ends.encode(call)).hasSize(2);
    }

    @Test
    void withCapturesOfEveryPrimitiveType() {
        boolean z = true;
        byte b = -1;
        short s = -2;
        char c = 'c';
        int i = 4;
        long j = 1L << 40;
        float f = 6.5f;
        double d = 7.5;
        String text = "eight";
        Call<String, RuntimeException> call = () -> "" + z + b + s + c + i + j + f + d + text;
        assertThat(ends.trip(call).call()).isEqualTo(call.call());
    }

    @Test
    void aSmallLambdaIsSmallOnceItsShapeIsKnown() {
        int n = 3;
        String text = "hello";
        Call<String, RuntimeException> call = () -> text + n;
        ends.encode(call);
        assertThat(ends.encode(call)).hasSizeLessThanOrEqualTo(14);
    }

    @Test
    void thatThrowAndThatReturnNothing() {
        int[] box = {0};
        Action<RuntimeException> action = () -> box[0]++;
        ends.trip(action).run();
        assertThat(box[0]).as("a copy was changed").isZero();
    }

    @Test
    void methodReferencesOfEveryKind() {
        SerializableFunction<Integer, Integer> ofStatic = Samples::twice;
        SerializableFunction<String, Integer> unbound = String::length;
        SerializableSupplier<Integer> bound = "four"::length;
        SerializableFunction<String, StringBuilder> constructor = StringBuilder::new;
        SerializableFunction<Integer, int[]> array = int[]::new;
        SerializableSupplier<String> boundToThis = this::fieldOfThis;
        assertThat(ends.trip(ofStatic).apply(4)).isEqualTo(8);
        assertThat(ends.trip(unbound).apply("abc")).isEqualTo(3);
        assertThat(ends.trip(bound).get()).isEqualTo(4);
        assertThat(ends.trip(constructor).apply("x")).hasToString("x");
        assertThat(ends.trip(array).apply(3)).hasSize(3);
        assertThat(ends.trip(boundToThis).get()).isEqualTo("field");
    }

    private String fieldOfThis() {
        return field;
    }

    @Test
    void thatUseThis() {
        Call<String, RuntimeException> call = () -> fieldOfThis() + "!";
        assertThat(ends.trip(call).call()).isEqualTo("field!");
    }

    @Test
    void thatCaptureLambdas() {
        int n = 2;
        SerializableFunction<Integer, Integer> inner = x -> x * n;
        SerializableFunction<Integer, Integer> middle = x -> inner.apply(x) + n;
        Call<Integer, RuntimeException> outer = () -> middle.apply(inner.apply(5));
        assertThat(ends.trip(outer).call()).isEqualTo(22);
    }

    @Test
    void withSeveralInterfaces() {
        Comparator<String> comparator = (Comparator<String> & Serializable) (a, b) -> b.compareTo(a);
        Comparator<String> then = comparator.thenComparing(Comparator.naturalOrder());
        assertThat(ends.trip(comparator).compare("a", "b")).isPositive();
        assertThat(ends.trip(then).compare("a", "b")).isPositive();
        assertThat(ends.trip(new TreeMap<>(comparator)).comparator().compare("a", "b"))
                .isPositive();
    }

    @Test
    void comparatorsOfTheJdk() {
        Comparator<String> byLength = Comparator.comparing((Function<String, Integer> & Serializable) String::length);
        assertThat(ends.trip(byLength).compare("aa", "b")).isPositive();
        assertThat(ends.trip(Map.Entry.<String, Integer>comparingByKey()).compare(Map.entry("a", 1), Map.entry("b", 0)))
                .isNegative();
    }

    @Test
    void inCollectionsAndFieldsOfOtherObjects() {
        String text = "x";
        Call<String, RuntimeException> call = () -> text;
        Samples.Node node = new Samples.Node("node");
        node.next = call;
        Object[] copy = ends.trip(
                new Object[] {List.of(call), new HashMap<>(Map.of("a", call)), node, new TreeMap<>(Map.of(1, call))});
        Object first = ((List<?>) copy[0]).get(0);
        assertThat(((Call<?, ?>) first)).isSameAs(((Map<?, ?>) copy[1]).get("a"));
        assertThat(((Samples.Node) copy[2]).next).isSameAs(first);
        assertThat(((Map<?, ?>) copy[3]).get(1)).isSameAs(first);
        assertThat(ends.trip(new Samples.Box<>(call)).content().call()).isEqualTo("x");
    }

    @Test
    void whatTwoCapturesShareStaysShared() {
        for (Object extra : new Object[] {1, new BitSet()}) {
            Object[] shared = {extra};
            List<Object> list = new ArrayList<>(List.of(shared));
            list.set(0, shared);
            Call<Boolean, RuntimeException> same = () -> list.get(0) == shared;
            assertThat(ends.trip(same).call()).as("with %s", extra).isTrue();
        }
    }

    @Test
    void aLambdaThatCapturesAnArrayInWhichItIs() {
        for (Object extra : new Object[] {1, new BitSet()}) {
            Object[] self = new Object[2];
            Call<Object, RuntimeException> call = () -> self[0];
            self[0] = call;
            self[1] = extra;
            Call<Object, RuntimeException> copy = ends.trip(call);
            assertThat(copy.call()).as("with %s", extra).isSameAs(copy);
            Object[] selfCopy = ends.trip(self);
            assertThat(((Call<?, ?>) selfCopy[0])).isInstanceOf(Call.class);
        }
    }

    @Test
    void aLambdaInAFieldOfTheObjectThatItCaptures() {
        Samples.Node node = new Samples.Node("n");
        Call<Object, RuntimeException> call = () -> node.next;
        node.next = call;
        Call<Object, RuntimeException> copy = ends.trip(call);
        assertThat(copy.call()).isSameAs(copy);
        Samples.Node nodeCopy = ends.trip(node);
        assertThat(((Call<?, ?>) nodeCopy.next)).isNotNull();
        assertThat(call(nodeCopy.next)).isSameAs(nodeCopy.next);
    }

    @Test
    void lambdasAndRecordsInCirclesAroundEachOther() {
        Object[] hub = new Object[3];
        Samples.Box<Object> box = new Samples.Box<>(hub);
        Call<Object, RuntimeException> first = () -> box;
        Call<Object, RuntimeException> second = () -> List.of(first, hub);
        hub[0] = box;
        hub[1] = first;
        hub[2] = second;
        for (Object root : new Object[] {second, first, box, hub}) {
            Object copy = ends.trip(root);
            Object[] hubCopy = hub(copy);
            assertThat(call(hubCopy[1])).isSameAs(hubCopy[0]);
            assertThat(((Samples.Box<?>) hubCopy[0]).content()).isSameAs(hubCopy);
            assertThat((List<?>) call(hubCopy[2]))
                    .satisfies(list -> assertThat(list.get(0)).isSameAs(hubCopy[1]));
        }
    }

    private static Object[] hub(Object any) {
        if (any instanceof Object[] hub) {
            return hub;
        }
        if (any instanceof Samples.Box<?> box) {
            return hub(box.content());
        }
        Object result = call(any);
        return hub(result instanceof List<?> list ? list.get(1) : result);
    }

    private static Object call(Object call) {
        try {
            return ((Call<?, ?>) call).call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lambdasThatCaptureProxies() {
        Samples.Stub<String> proxy = new Samples.Stub<>();
        int n = 3;
        Call<Object, RuntimeException> call = () -> n == 3 ? proxy : null;
        assertThat(ends.trip(call).call()).isSameAs(proxy);
        BitSet bits = new BitSet();
        Call<Object, RuntimeException> beside = () -> bits.isEmpty() ? proxy : null;
        assertThat(ends.trip(beside).call()).isSameAs(proxy);
    }

    @Test
    void genericLambdasOfLocalClassesAndRecords() {
        record Local(int x) implements Serializable {}
        Local local = new Local(4);
        Work<List<Integer>, Integer, RuntimeException> work = list -> list.get(0) + local.x();
        assertThat(ends.trip(work).call(List.of(3))).isEqualTo(7);
    }

    @Test
    void manyCapturesAndManyLambdas() {
        List<Call<Integer, RuntimeException>> calls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int n = i;
            calls.add(() -> n);
        }
        int before = ends.definitions;
        List<Call<Integer, RuntimeException>> copies = ends.trip(calls);
        for (int i = 0; i < 1000; i++) {
            assertThat(copies.get(i).call()).isEqualTo(i);
        }
        assertThat(ends.definitions - before).isEqualTo(1);
    }
}
