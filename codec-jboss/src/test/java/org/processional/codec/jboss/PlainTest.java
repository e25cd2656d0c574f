// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/** Objects of plain classes travel by their fields; those of classes with rules of their own do not. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
class PlainTest {
    private final Ends ends;

    PlainTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    /** Whose equals and hash are those of a field of the superclass. */
    abstract static class Entity implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Integer id;

        Entity(int id) {
            this.id = id;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entity entity && entity.id.equals(id);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }

    static final class Person extends Entity {
        private static final long serialVersionUID = 1L;

        final Set<Person> friends = new HashSet<>();

        Person(int id) {
            super(id);
        }
    }

    @Test
    void theHashOfASuperclassIsThereWhenASetIsFilledInACircle() {
        Person one = new Person(1);
        Person two = new Person(2);
        Person three = new Person(3);
        one.friends.addAll(List.of(two, three));
        two.friends.addAll(List.of(one, three));
        three.friends.addAll(List.of(one, two));
        Person arrived = ends.trip(one);
        assertThat(arrived.friends).hasSize(2).contains(two, three);
        for (Person friend : arrived.friends) {
            assertThat(friend.friends).hasSize(2).contains(arrived);
        }
    }

    /** A class above the serializable ones; its constructor runs, as in Java serialization. */
    static class Base {
        int base;
        String made = "by the constructor";

        Base() {
            base = 11;
        }
    }

    static class Upper extends Base implements Serializable {
        private static final long serialVersionUID = 1L;

        private final int same; // hidden by the field of the subclass
        private final @Nullable Object first;

        Upper(int same, @Nullable Object first) {
            this.same = same;
            this.first = first;
        }
    }

    static final class All extends Upper {
        private static final long serialVersionUID = 2L;

        final boolean z = Boolean.parseBoolean("true");
        final byte b;
        short s = -2;
        char c = '\u4e2d';
        private final int same;
        volatile long j = Long.MIN_VALUE;
        float f = 1.5f;
        double d = -0.0;
        int @Nullable [] ints = {1, 2};
        List<String> list = new ArrayList<>(List.of("a"));
        final transient String forgotten;

        All(int same) {
            super(same + 1, "first");
            this.same = same;
            this.b = -1;
            this.forgotten = "set";
        }
    }

    private byte firstByte(Object value) {
        return ends.encode(value)[0];
    }

    @Test
    void allFieldsOfAllLevelsArrive() {
        All sent = new All(5);
        sent.base = 99;
        assertThat(firstByte(sent)).isEqualTo(Tag.PLAIN);
        All copy = ends.trip(sent);
        assertThat(copy)
                .usingRecursiveComparison()
                .ignoringFields("base", "forgotten")
                .isEqualTo(sent);
        assertThat(((Upper) copy).same).isEqualTo(6);
        assertThat(copy.same).isEqualTo(5);
        assertThat(((Upper) copy).first).isEqualTo("first");
        assertThat(copy.base).isEqualTo(11);
        assertThat(copy.made).isEqualTo("by the constructor");
        assertThat(copy.forgotten).isNull();
        sent.ints = null;
        assertThat(ends.trip(sent).ints).isNull();
    }

    /** Lines that know their order. */
    static final class Order implements Serializable {
        private static final long serialVersionUID = 1L;

        final List<Line> lines = new ArrayList<>();
        final Map<String, Object> more = new HashMap<>();
    }

    static final class Line implements Serializable {
        private static final long serialVersionUID = 1L;

        final Order order;
        final long number;

        Line(Order order, long number) {
            this.order = order;
            this.number = number;
        }
    }

    @Test
    void circlesAndSharedObjectsStayWhatTheyAre() {
        Order order = new Order();
        for (int i = 0; i < 20; i++) { // more than are looked for one by one
            order.lines.add(new Line(order, i));
        }
        order.more.put("first", order.lines.get(0));
        for (Object beside : new Object[] {1, new BitSet()}) {
            Object[] copies = ends.trip(new Object[] {order.lines.get(7), order, order, beside});
            Order copy = (Order) copies[1];
            assertThat(copies[2]).isSameAs(copy);
            assertThat(copies[0]).isSameAs(copy.lines.get(7));
            assertThat(copy.more.get("first")).isSameAs(copy.lines.get(0));
            assertThat(copy.lines)
                    .hasSize(20)
                    .allSatisfy(line -> assertThat(line.order).isSameAs(copy));
            assertThat(copy.lines).extracting(line -> line.number).startsWith(0L, 1L, 2L);
        }
    }

    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        @Nullable
        Object held;

        Call<Object, RuntimeException> self() {
            return () -> this;
        }

        final class Inner implements Serializable {
            private static final long serialVersionUID = 1L;

            Holder outer() {
                return Holder.this;
            }
        }
    }

    record Around(@Nullable Object content) implements Serializable {}

    @Test
    void circlesThroughLambdasRecordsAndOptionalsClose() {
        Holder holder = new Holder();
        holder.held = holder.self();
        assertThat(firstByte(holder)).isNotEqualTo(Tag.REST);
        Holder copy = ends.trip(holder);
        assertThat(call(copy.held)).isSameAs(copy);
        Object lambda = ends.trip(holder.held);
        assertThat(((Holder) call(lambda)).held).isSameAs(lambda);

        Around around = new Around(holder);
        holder.held = around;
        Around aroundCopy = ends.trip(around);
        assertThat(((Holder) Optional.ofNullable(aroundCopy.content()).orElseThrow()).held)
                .isSameAs(aroundCopy);

        holder.held = Optional.of(holder);
        Holder third = ends.trip(holder);
        assertThat(((Optional<?>) Optional.ofNullable(third.held).orElseThrow()).orElseThrow())
                .isSameAs(third);

        Holder.Inner inner = holder.new Inner();
        holder.held = inner;
        Holder.Inner innerCopy = ends.trip(inner);
        assertThat(innerCopy.outer().held).isSameAs(innerCopy);
    }

    @SuppressWarnings("unchecked") // what self() made
    private static Object call(@Nullable Object lambda) {
        return ((Call<Object, RuntimeException>) Optional.ofNullable(lambda).orElseThrow()).call();
    }

    private static Holder chain(int length) {
        Holder chain = new Holder();
        for (int i = 1; i < length; i++) {
            Holder next = new Holder();
            next.held = chain;
            chain = next;
        }
        return chain;
    }

    private static int length(@Nullable Object chain) {
        int length = 0;
        for (Object at = chain; at != null; at = ((Holder) at).held) {
            length++;
        }
        return length;
    }

    @Test
    void chainsAsDeepAsTheOwnFormGoesArriveInUsualThreads() throws Exception {
        int length = BodyWriter.MAX_DEPTH;
        inThread(0, () -> assertThat(length(ends.trip(chain(length)))).isEqualTo(length));
    }

    @Test
    void deeperChainsArriveWhereTheStackHasRoom() throws Exception {
        int length = 3 * BodyWriter.MAX_DEPTH;
        inThread(256L << 20, () -> assertThat(length(ends.trip(chain(length)))).isEqualTo(length));
    }

    private static void inThread(long stackBytes, Runnable code) throws Exception {
        FutureTask<Void> task = new FutureTask<>(code, null);
        new Thread(null, task, "chain", stackBytes).start();
        task.get();
    }

    /** Two classes whose fields are the same, so that only the definition tells them apart. */
    static final class Twin implements Serializable {
        private static final long serialVersionUID = 1L;

        @Nullable
        Object held;
    }

    @Test
    void aFailureAmidTheFieldsLeavesTheDictionaryRight() {
        Holder holder = new Holder();
        Twin twin = new Twin();
        holder.held = new Object[] {twin, new Samples.NotForTravel()};
        assertThatThrownBy(() -> ends.encode(holder))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("its held[1] is an " + Samples.NotForTravel.class.getTypeName());
        assertThat(ends.definitions).isZero();
        holder.held = twin;
        assertThat(ends.trip(holder).held).isInstanceOf(Twin.class);
        int sent = ends.definitions;
        assertThat(sent).isEqualTo(2);
        assertThat(ends.trip(holder).held).isInstanceOf(Twin.class);
        assertThat(ends.definitions).isEqualTo(sent);
    }

    @Test
    void aDefinitionThatWasEncodedAndNeverSentComesAgain() {
        FrameOutput lost = new FrameOutput(64, 1 << 16);
        List<Definition> first = ends.sender.encode(new Twin(), lost);
        assertThat(first).hasSize(1); // the frame is thrown away: sent() is never called
        assertThat(ends.<Object>trip(new Twin())).isInstanceOf(Twin.class);
        assertThat(ends.definitions).isEqualTo(1);
    }

    static class Writes implements Serializable {
        private static final long serialVersionUID = 1L;
        transient int kept = 5;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(kept + 1);
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            kept = in.readInt();
        }
    }

    static final class BelowWrites extends Writes {
        private static final long serialVersionUID = 1L;
    }

    static final class ReadsOnly implements Serializable {
        private static final long serialVersionUID = 1L;
        transient int seen;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            seen = 7;
        }
    }

    static final class Names implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final ObjectStreamField[] serialPersistentFields = {new ObjectStreamField("a", int.class)};
        int a = 1;
        int b = 2;
    }

    static final class Outer implements Externalizable {
        private static final long serialVersionUID = 1L;
        int written;

        public Outer() {}

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(3);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            written = in.readInt();
        }
    }

    static class Resolves implements Serializable {
        private static final long serialVersionUID = 1L;
        static final Resolves ONLY = new Resolves();

        protected Object readResolve() {
            return ONLY;
        }
    }

    static final class BelowResolves extends Resolves {
        private static final long serialVersionUID = 1L;
    }

    static final class OfTheJdk extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        int more = 4;
    }

    @Test
    void classesWithRulesOfTheirOwnKeepThem() {
        for (Object value : List.of(
                new Writes(),
                new BelowWrites(),
                new ReadsOnly(),
                new Names(),
                new Outer(),
                new Resolves(),
                new BelowResolves(),
                new OfTheJdk(),
                new Samples.Failure("m", 1, new Error("e")))) {
            assertThat(firstByte(value)).as("%s", value.getClass()).isEqualTo(Tag.REST);
        }
        assertThat(ends.trip(new Writes()).kept).isEqualTo(6);
        assertThat(ends.trip(new BelowWrites()).kept).isEqualTo(6);
        assertThat(ends.trip(new ReadsOnly()).seen).isEqualTo(7);
        Names names = ends.trip(new Names());
        assertThat(new int[] {names.a, names.b}).containsExactly(1, 0);
        assertThat(ends.trip(new Outer()).written).isEqualTo(3);
        assertThat(ends.<Object>trip(new BelowResolves())).isSameAs(Resolves.ONLY);
        assertThat(ends.trip(new OfTheJdk()).more).isEqualTo(4);
    }

    /** Needs a constructor that nobody below may call. */
    static class NoWay {
        private NoWay(int unused) {}

        static NoWay make() {
            return new Below();
        }

        static final class Below extends NoWay implements Serializable {
            private static final long serialVersionUID = 1L;

            Below() {
                super(1);
            }
        }
    }

    @Test
    void anObjectThatNobodyCanMakeIsRefused() {
        NoWay sent = NoWay.make();
        assertThatThrownBy(() -> ends.trip(sent)).isInstanceOf(CodecException.class);
        assertThat(ends.trip("still usable")).isEqualTo("still usable");
    }
}
