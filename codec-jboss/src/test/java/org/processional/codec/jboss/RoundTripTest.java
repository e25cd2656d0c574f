// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;

/** Values of all kinds arrive as they were, through either codec, alone and beside what only JBoss can write. */
@ParameterizedClass
@MethodSource("providers")
class RoundTripTest {
    private final Ends ends;

    RoundTripTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    static CodecProvider[] providers() {
        return new CodecProvider[] {new RiverCodecProvider(), new SerialCodecProvider()};
    }

    /** For what compiles much: all under {@code -Pfull}, else the first. */
    static CodecProvider[] bestOrAllIfFull() {
        return Rounds.of(100) == 100 ? providers() : new CodecProvider[] {providers()[0]};
    }

    /** Alone, in an array, and in an array with an object that has no own form. */
    private void arrives(Object value) {
        Object alone = ends.trip(value);
        assertThat(alone).isEqualTo(value).hasSameClassAs(value);
        Object[] among = ends.trip(new Object[] {value, value});
        assertThat(among[0]).isEqualTo(value).hasSameClassAs(value);
        Object[] beside = ends.trip(new Object[] {value, new BitSet(), value});
        assertThat(beside[0]).isEqualTo(value).hasSameClassAs(value);
        assertThat(beside[2]).isEqualTo(value);
    }

    private void arriveInOwnForm(Object... values) {
        for (Object value : values) {
            assertThat(ends.encode(value)[0]).as("%s", value).isNotEqualTo(Tag.REST);
            arrives(value);
        }
    }

    private void arriveByRest(Object... values) {
        for (Object value : values) {
            assertThat(ends.encode(value)[0]).as("%s", value).isEqualTo(Tag.REST);
            arrives(value);
        }
    }

    @Test
    void nullArrives() {
        assertThat(ends.trip((Object) null)).isNull();
        assertThat(ends.trip(new Object[] {null, new BitSet(), null})).containsExactly(null, new BitSet(), null);
    }

    @Test
    void boxedValuesArriveWithTheirTypeAndEveryWidth() {
        arriveInOwnForm(true, false, (byte) 0, (byte) -128, (short) -1, Short.MAX_VALUE, 'a', '\uffff');
        arriveInOwnForm(0, 1, -1, 127, 128, -128, -129, 70_000, Integer.MIN_VALUE, Integer.MAX_VALUE);
        arriveInOwnForm(0L, -1L, 127L, 128L, -129L, 1L << 31, -(1L << 31) - 1, Long.MIN_VALUE, Long.MAX_VALUE);
        arriveInOwnForm(0f, -0f, Float.NaN, Float.MIN_VALUE, 0d, -0d, Double.NaN, Math.PI, Double.NEGATIVE_INFINITY);
    }

    @Test
    void stringsArriveWhateverTheirCharacters() {
        arriveInOwnForm("", "a", "\u00e9\u00ff", "\u0100", "\ud83d\ude00", "\ud83d", "\0", "x".repeat(100_000));
        arriveInOwnForm("x".repeat(70_000) + "\u4e2d");
    }

    @Test
    void primitiveArraysArrive() {
        arriveInOwnForm(
                new boolean[] {true, false, true},
                new byte[] {1, -1},
                new short[] {1, -1, Short.MIN_VALUE},
                new char[] {'a', '\uffff'},
                new int[] {1, -1, Integer.MIN_VALUE},
                new long[] {1, -1, Long.MIN_VALUE},
                new float[] {1, -0f, Float.NaN},
                new double[] {1, -0d, Double.NaN},
                new boolean[0],
                new int[0],
                new byte[1 << 20]);
    }

    @Test
    void objectArraysKeepTheirClass() {
        arriveInOwnForm(
                new Object[0],
                new Object[] {1, "a", null, new int[] {2}},
                new String[] {"a", null},
                new Integer[] {1, null},
                new int[][] {{1}, {2, 3}, null},
                new String[][][] {{{"a"}, {}}, {}},
                new Samples.Plain[] {Samples.Plain.TWO},
                new Samples.Point[][] {{new Samples.Point(1, 2)}},
                new Number[] {1, 2L},
                new List<?>[] {List.of(1)},
                new Class<?>[] {int.class});
        arriveByRest(new BitSet[] {new BitSet()}, new BitSet[][] {{new BitSet()}, {null}});
    }

    @Test
    void enumsArriveAsTheConstantsThemselves() {
        for (Object constant : new Object[] {
            Samples.Plain.ONE, Samples.Bodied.UP, Samples.Bodied.DOWN, TimeUnit.SECONDS, DayOfWeek.MONDAY
        }) {
            assertThat(ends.trip(constant)).isSameAs(constant);
            assertThat(ends.trip(new Object[] {constant, new BitSet()})[0]).isSameAs(constant);
        }
    }

    @Test
    void classesArriveAsTheClassesThemselves() {
        for (Class<?> type : new Class<?>[] {
            int.class,
            void.class,
            int[].class,
            String.class,
            String[][].class,
            Samples.Point.class,
            Samples.Point[].class,
            Map.Entry.class,
            Samples.NotForTravel.class
        }) {
            assertThat(ends.trip(type)).isSameAs(type);
            assertThat(ends.trip(new Object[] {type, new BitSet()})[0]).isSameAs(type);
        }
    }

    @Test
    void commonCollectionsHaveOwnForms() {
        arriveInOwnForm(
                new ArrayList<>(),
                new ArrayList<>(Arrays.asList(1, null, "a")),
                new HashSet<>(Arrays.asList(1, null, "a")),
                new LinkedHashSet<>(List.of(3, 1, 2)),
                new HashMap<>(Map.of("a", 1, "b", List.of(2))),
                List.of(),
                List.of(1),
                List.of(1, 2),
                List.of(1, 2, 3, 4),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                Map.of(),
                Map.of(1, "a"),
                Map.of(1, "a", 2, "b"),
                Stream.of(1, 2, 3).toList(),
                Stream.of(1, null).toList(),
                Stream.of((Object) null).toList());
    }

    @Test
    void otherCollectionsGoByTheRest() {
        arriveByRest(
                new LinkedList<>(Arrays.asList(1, null)),
                new LinkedHashMap<>(Map.of(1, 2)),
                new TreeMap<>(Map.of(1, 2)),
                new TreeSet<>(Set.of(1, 2)),
                Arrays.asList(1, 2),
                Collections.emptyList(),
                Collections.emptyMap(),
                Collections.singletonList("a"),
                Collections.singletonMap("a", 1),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
                Collections.nCopies(3, "x"),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new EnumMap<>(Map.of(Samples.Plain.ONE, 1)),
                EnumSet.of(Samples.Plain.ONE),
                new BitSet(3));
        assertThat(ends.trip(new ArrayDeque<>(List.of(1, 2)))).containsExactly(1, 2);
        assertThat(ends.trip(new PriorityQueue<>(List.of(2, 1))).poll()).isEqualTo(1);
        assertThat(ends.trip(new TreeSet<>(Comparator.<Integer>reverseOrder())).comparator())
                .isSameAs(Comparator.reverseOrder());
        assertThat(ends.trip(new AtomicInteger(5)).get()).isEqualTo(5);
    }

    /** Another object is read in its place, which is none. */
    private record Vanishing(int number) implements Serializable {
        private Object readResolve() {
            return null;
        }
    }

    @Test
    void whatIsReadAsNullIsNullEachTime() {
        Vanishing record = new Vanishing(1);
        for (Object[] both : new Object[][] {{record, record}, {record, record, new BitSet()}}) {
            assertThat(ends.trip(both)).startsWith(null, null);
        }
    }

    @Test
    void anUnmodifiableListRemembersWhetherItTakesNull() {
        for (Object marker : new Object[] {1, new BitSet()}) {
            List<Object> strict = ends.trip(List.of(marker, 2, 3));
            List<Object> lenient = ends.trip(Stream.of(marker, 2, 3).toList());
            assertThatThrownBy(() -> strict.contains(null)).isInstanceOf(NullPointerException.class);
            assertThat(lenient.contains(null)).isFalse();
        }
        for (Object[] few : new Object[][] {{}, {1}, {1, 2}, {new BitSet()}, {new BitSet(), 2}}) {
            List<Object> strict = ends.trip(List.of(few));
            List<Object> lenient = ends.trip(Stream.of(few).toList());
            assertThatThrownBy(() -> strict.contains(null)).isInstanceOf(NullPointerException.class);
            assertThat(lenient.contains(null)).isFalse();
        }
    }

    /** Stands in the stream for what is made of it. */
    private record Cents(long cents) implements Serializable {
        Object readResolve() {
            return new Money(cents);
        }
    }

    private static final class Money implements Serializable {
        private static final long serialVersionUID = 1L;

        final transient long cents;

        Money(long cents) {
            this.cents = cents;
        }

        Object writeReplace() {
            return new Cents(cents);
        }
    }

    @Test
    void whatIsReplacedByARecordIsOneObjectAfterwards() {
        Money money = new Money(5);
        Object[] arrived = ends.trip(new Object[] {money, List.of(money), new BitSet(), money});
        assertThat(arrived[0]).isInstanceOf(Money.class).isSameAs(arrived[3]);
        assertThat(((List<?>) arrived[1]).get(0)).isSameAs(arrived[0]);
        assertThat(((Money) arrived[0]).cents).isEqualTo(5);
    }

    @Test
    void timesAndNumbersArrive() {
        arriveInOwnForm(
                Instant.EPOCH,
                Instant.MIN,
                Instant.MAX,
                Instant.ofEpochSecond(-1, 999_999_999),
                Duration.ofSeconds(-5, 7),
                Duration.ofSeconds(Long.MIN_VALUE),
                LocalDate.MIN,
                LocalDate.of(2024, 2, 29),
                LocalTime.MAX,
                LocalDateTime.MAX,
                LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4),
                new UUID(1, -1),
                BigInteger.ZERO,
                BigInteger.TEN.pow(300).negate(),
                new BigDecimal("1.000"),
                new BigDecimal("-1e300"));
        arriveByRest(
                Period.ofDays(3),
                ZonedDateTime.of(LocalDateTime.MIN, ZoneId.of("UTC")),
                ZoneId.of("Europe/Vienna"),
                Locale.GERMANY,
                URI.create("a:b"));
    }

    @Test
    void optionalsArriveAlthoughJavaSerializationRefusesThem() {
        arriveInOwnForm(Optional.empty(), Optional.of("a"), Optional.of(List.of(1)));
        Optional<BitSet> rest = Optional.of(BitSet.valueOf(new long[] {5}));
        assertThat(ends.trip(rest)).isEqualTo(rest);
    }

    @Test
    void recordsArrive() {
        arriveInOwnForm(
                new Samples.Point(1, -2),
                new Samples.Empty(),
                new Samples.Box<>(new Samples.Box<>(null)),
                new Samples.Everything(true, (byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, "eight", List.of(9), null),
                new Samples.Everything(false, (byte) 0, (short) 0, '\0', 0, 0, 0, 0, null, null, null));
    }

    @Test
    void theConstructorOfARecordChecksWhatArrives() {
        byte[] body = ends.encode(new Samples.Checked(77));
        assertThat(body[body.length - 1]).isEqualTo((byte) 77);
        body[body.length - 1] = -5;
        assertThatThrownBy(() -> ends.decode(body, getClass().getClassLoader()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Samples$Checked")
                .hasMessageContaining("not positive: -5")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRecordMayReplaceItself() {
        assertThat(ends.trip(new Samples.Interned("only"))).isSameAs(Samples.Interned.ONLY);
        assertThat(ends.trip(new Samples.Interned("more"))).isEqualTo(new Samples.Interned("more"));
        assertThat(ends.trip((Object) new Samples.Replaced("x"))).hasToString("instead of x");
    }

    @Test
    void serializableClassesArriveByTheirOwnRules() {
        Samples.Node node = ends.trip(new Samples.Node("a"));
        assertThat(node.name).isEqualTo("a");
        assertThat(node.forgotten).isZero();
        assertThat(ends.trip(new Samples.Custom(21)).doubled()).isEqualTo(42);
        assertThat(ends.trip(Samples.Single.INSTANCE)).isSameAs(Samples.Single.INSTANCE);
        arrives(new Samples.Outside("text"));
    }

    @Test
    void objectsThatTravelAsOneArriveAsOne() {
        Samples.Alike twice = new Samples.Alike();
        Object[] copies = ends.trip(new Object[] {new Samples.Alike(), twice, new BitSet(), twice});
        assertThat(copies[0]).isInstanceOf(Samples.Node.class);
        assertThat(copies[1]).isSameAs(copies[0]);
        assertThat(copies[3]).isSameAs(copies[0]);
    }

    @Test
    void throwablesArriveWithFramesCausesAndSuppressed() {
        Samples.Failure failure = new Samples.Failure("outer", 7, new IllegalStateException("inner"));
        failure.addSuppressed(new UnsupportedOperationException("beside"));
        Samples.Failure copy = ends.trip(failure);
        assertThat(copy.code).isEqualTo(7);
        assertThat(copy).hasMessage("outer").hasStackTraceContaining("throwablesArriveWithFramesCausesAndSuppressed");
        assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(copy.getCause()).isInstanceOf(IllegalStateException.class).hasMessage("inner");
        assertThat(copy.getSuppressed()).hasSize(1);
        assertThat(copy.lost).isNull();
    }

    @Test
    void sharedObjectsStayShared() {
        String text = new String("shared");
        int[] ints = {1};
        List<Object> list = new ArrayList<>(List.of(1));
        Samples.Point point = new Samples.Point(1, 2);
        List<Integer> immutable = List.of(1, 2, 3);
        BigInteger big = BigInteger.valueOf(1L << 40);
        for (Object extra : new Object[] {1, new Samples.Node("x")}) {
            Object[] copy = ends.trip(new Object[] {
                text, ints, list, point, immutable, big, text, ints, list, point, immutable, big, extra, extra
            });
            for (int i = 0; i < 5; i++) {
                assertThat(copy[i + 6]).as("%s", copy[i]).isSameAs(copy[i]);
            }
            assertThat(copy[13]).isSameAs(copy[12]);
            assertThat(ends.trip(new Object[] {new String("a"), new String("a")})[0])
                    .isEqualTo("a");
        }
    }

    @Test
    void manySharedObjectsStayShared() {
        for (int size : new int[] {7, 8, 9, 16, 17, 5000}) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(i % 3 == 0 ? "string " + i : i % 3 == 1 ? new int[] {i} : new Samples.Point(i, i));
            }
            List<Object> copy = ends.trip(new ArrayList<>(List.of(list, new ArrayList<>(list))));
            List<?> first = (List<?>) copy.get(0);
            List<?> second = (List<?>) copy.get(1);
            assertThat(first).usingRecursiveComparison().isEqualTo(list);
            for (int i = 0; i < size; i++) {
                assertThat(second.get(i)).isSameAs(first.get(i));
            }
        }
    }

    @Test
    void circlesOfArraysAndListsClose() {
        Object[] array = new Object[2];
        array[0] = array;
        Object[] copy = ends.trip(array);
        assertThat(copy[0]).isSameAs(copy);
        List<Object> list = new ArrayList<>();
        list.add(list);
        List<Object> listCopy = ends.trip(list);
        assertThat(listCopy.get(0)).isSameAs(listCopy);
        Map<Object, Object> map = new HashMap<>();
        map.put("me", map);
        Map<Object, Object> mapCopy = ends.trip(map);
        assertThat(mapCopy.get("me")).isSameAs(mapCopy);
        Map<Object, Object> identities = new IdentityHashMap<>();
        identities.put("me", identities);
        Map<Object, Object> identitiesCopy = ends.trip(identities);
        assertThat(identitiesCopy.values().iterator().next()).isSameAs(identitiesCopy);
    }

    @Test
    void circlesThroughRecordsClose() {
        Object[] inside = new Object[1];
        Samples.Box<Object[]> box = new Samples.Box<>(inside);
        inside[0] = box;
        Samples.Box<Object[]> copy = ends.trip(box);
        assertThat(copy.content()[0]).isSameAs(copy);
        Object[] insideCopy = ends.trip(inside);
        assertThat(((Samples.Box<?>) insideCopy[0]).content()).isSameAs(insideCopy);
        Samples.Node node = new Samples.Node("a");
        Samples.Box<Object> around = new Samples.Box<>(List.of(new Samples.Box<>(node)));
        node.next = around;
        Samples.Box<Object> aroundCopy = ends.trip(around);
        Samples.Box<?> inner = (Samples.Box<?>) ((List<?>) aroundCopy.content()).get(0);
        assertThat(((Samples.Node) inner.content()).next).isSameAs(aroundCopy);
    }

    @Test
    void longChainsOfOneClassAreNotTooDeep() {
        Samples.Node first = new Samples.Node("0");
        Samples.Node last = first;
        for (int i = 1; i < 100; i++) {
            Samples.Node next = new Samples.Node(String.valueOf(i));
            last.next = next;
            last = next;
        }
        Object at = ends.trip(first);
        int count = 0;
        while (at != null) {
            assertThat(((Samples.Node) at).name).isEqualTo(String.valueOf(count++));
            at = ((Samples.Node) at).next;
        }
        assertThat(count).isEqualTo(100);
    }

    @Test
    void nestingWithoutEndIsRefusedAtOnce() {
        Object[] nested = new Object[0];
        for (int i = 0; i < 20_000; i++) {
            nested = new Object[] {nested};
        }
        Object own = nested;
        assertThatThrownBy(() -> ends.encode(own))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested too deeply");
        Samples.Node chain = new Samples.Node("end");
        for (int i = 0; i < 200_000; i++) {
            Samples.Node next = new Samples.Node("n");
            next.next = chain;
            chain = next;
        }
        Object rest = chain;
        assertThatThrownBy(() -> ends.encode(rest))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested too deeply");
        arrives("still usable");
    }

    @Test
    void aProxyTravelsAsWhatTheEngineGivesForIt() {
        Samples.Stub<String> proxy = new Samples.Stub<>();
        assertThat(ends.trip(proxy)).isSameAs(proxy);
        Object[] both = ends.trip(new Object[] {proxy, proxy, new BitSet()});
        assertThat(both[0]).isSameAs(proxy);
        assertThat(both[1]).isSameAs(proxy);
        assertThat(ends.trip(new Samples.Box<>(Optional.of(proxy))).content()).contains(proxy);
        assertThat(ends.trip(new ArrayDeque<>(List.of(proxy))).peek()).isSameAs(proxy);
    }

    @Test
    void aProxyIsReplacedOnceForEachBody() {
        Samples.Stub<String> proxy = new Samples.Stub<>();
        ends.encode(new Object[] {proxy, proxy, new BitSet()}); // written twice: in the own form, then by the rest
        assertThat(((Ends.Handles) ends.substitution).replaced).isEqualTo(1);
        ends.encode(proxy);
        assertThat(((Ends.Handles) ends.substitution).replaced).isEqualTo(2);
    }

    @Test
    void dynamicProxiesWithSerializableHandlersArrive() {
        @SuppressWarnings("unchecked")
        Comparator<String> proxy = (Comparator<String>) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Comparator.class}, new Handler());
        assertThat(ends.trip(proxy).compare("a", "b")).isEqualTo(17);
    }

    private static final class Handler implements java.lang.reflect.InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return 17;
        }
    }
}
