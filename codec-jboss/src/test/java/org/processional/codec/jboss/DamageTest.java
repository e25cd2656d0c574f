// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.marshalling.AbstractClassResolver;
import org.jboss.marshalling.Marshaller;
import org.jboss.marshalling.MarshallerFactory;
import org.jboss.marshalling.Marshalling;
import org.jboss.marshalling.MarshallingConfiguration;
import org.jboss.marshalling.river.RiverMarshallerFactory;
import org.jboss.marshalling.serial.SerialMarshallerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/** Bytes that are not what an encoder wrote give a {@link CodecException}, soon, and leave the codec usable. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
@Timeout(300)
class DamageTest {
    private static final ClassLoader LOADER = DamageTest.class.getClassLoader();

    private final CodecProvider provider;
    private final Ends ends;
    private final long seed = Long.getLong("processional.seed", System.nanoTime());

    DamageTest(CodecProvider provider) {
        this.provider = provider;
        this.ends = new Ends(provider);
    }

    private static ByteBuffer definition(int id, int bytes) {
        FrameOutput out = new FrameOutput(64, 2 << 20);
        out.putByte(Tag.D_CLASS);
        out.putSize(id);
        out.put(new byte[bytes], 0, bytes);
        return out.frame();
    }

    @Test
    void definitionsHaveNoMoreBytesThanAConnectionMayKeep() {
        Incoming incoming = new Incoming(InputFilter.none());
        assertThatThrownBy(() -> incoming.define(definition(1, (1 << 20) + 1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("damaged definition: of 1048577 bytes");
        assertThatThrownBy(() -> {
                    for (int id = 2; id < 200; id++) {
                        incoming.define(definition(id, 1 << 20));
                    }
                })
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("a connection has at most 134217728");
    }

    private static List<Object> samples() {
        int n = 70_000;
        String text = "text";
        Call<String, RuntimeException> call = () -> text + n;
        Samples.Node node = new Samples.Node("node");
        node.next = node.nameCall();
        List<Object> samples = new ArrayList<>(List.of(
                1,
                1L << 40,
                "text",
                "\u4e2d",
                true,
                1.5,
                'c',
                Samples.Plain.ONE,
                String[].class,
                new Samples.Point(1, 2)));
        samples.addAll(List.of(
                new int[] {1, 2, 3}, new byte[10], new long[2], new Object[] {1, "a"}, new Samples.Point[2][1], call));
        samples.addAll(List.of(
                List.of(1, 2, 3),
                new ArrayList<>(List.of("a", "b")),
                Map.of("k", 1),
                new HashSet<>(List.of(1)),
                new HashMap<>(Map.of("a", call)),
                Optional.of("x"),
                LocalDate.MAX,
                new java.math.BigDecimal("1.5")));
        samples.addAll(List.of(
                node,
                new BitSet(),
                new LinkedList<>(List.of(1, call)),
                new TreeMap<>(Map.of("a", List.of(1))),
                new LinkedHashMap<>(Map.of(1, new Samples.Box<>(call))),
                new Samples.Failure("m", 1, new Error("e")),
                new Object[] {new Samples.Outside("o"), new Samples.Custom(3), Samples.Bodied.UP}));
        Object[] circle = new Object[2];
        Call<Object, RuntimeException> inside = () -> circle[0];
        circle[0] = inside;
        samples.add(inside);
        return samples;
    }

    /** True if it was refused as it must be, false if the bytes happened to mean something. */
    private boolean refused(byte[] body) {
        try {
            ends.decode(body, LOADER);
            return false;
        } catch (CodecException e) {
            assertThat(e.getMessage()).isNotBlank();
            return true;
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ", bytes " + Arrays.toString(body), e);
        }
    }

    /** Not serializable, so that no sender writes it. */
    public static final class Made {
        static final AtomicInteger COUNT = new AtomicInteger();

        public Made() {
            COUNT.incrementAndGet();
        }
    }

    /** Goes for another class. */
    public static final class Outlaw implements Externalizable {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeExternal(ObjectOutput out) {}

        @Override
        public void readExternal(ObjectInput in) {}
    }

    @Test
    void noConstructorOfAClassThatIsNotSerializableIsCalled() throws Exception {
        MarshallerFactory factory =
                provider.name().equals("river") ? new RiverMarshallerFactory() : new SerialMarshallerFactory();
        MarshallingConfiguration configuration = new MarshallingConfiguration();
        configuration.setClassResolver(new AbstractClassResolver() {
            @Override
            protected ClassLoader getClassLoader() {
                return LOADER;
            }

            @Override
            public String getClassName(Class<?> type) {
                return Made.class.getName();
            }

            @Override
            public void annotateClass(Marshaller to, Class<?> type) throws IOException {
                to.writeByte(0);
            }
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0); // no prelude
        Marshaller marshaller = factory.createMarshaller(configuration);
        marshaller.start(Marshalling.createByteOutput(bytes));
        marshaller.writeObject(new Outlaw());
        marshaller.finish();
        byte[] content = bytes.toByteArray();
        byte[] body = ByteBuffer.allocate(5 + content.length)
                .put(Tag.REST)
                .putInt(JBossRest.checksum(ByteBuffer.wrap(content)))
                .put(content)
                .array();
        assertThatThrownBy(() -> ends.decode(body, LOADER))
                .isInstanceOf(CodecException.class)
                .hasStackTraceContaining(Made.class.getName());
        assertThat(Made.COUNT).hasValue(0);
    }

    @Test
    void everyBodyThatIsCutOffIsRefused() {
        for (Object sample : samples()) {
            byte[] body = ends.encode(sample);
            for (int length = 0; length < body.length; length++) {
                assertThat(refused(Arrays.copyOf(body, length)))
                        .as("%d bytes of %s", length, sample)
                        .isTrue();
            }
            assertThat(ends.decode(body, LOADER)).isNotNull();
        }
    }

    @Test
    void bytesBehindABodyAreRefused() {
        byte[] body = ends.encode("text");
        assertThat(refused(Arrays.copyOf(body, body.length + 1))).isTrue();
    }

    @Test
    void changedBytesNeverDoMoreThanFail() {
        System.out.println("DamageTest.changedBytesNeverDoMoreThanFail: seed " + seed);
        Random random = new Random(seed);
        List<Object> samples = samples();
        int refused = 0;
        int rounds = Rounds.of(200_000);
        for (int i = 0; i < rounds; i++) {
            byte[] body = ends.encode(samples.get(random.nextInt(samples.size())));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                body[random.nextInt(body.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(Tag.PLAIN + 1));
            }
            refused += refused(body) ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(ends.trip("still usable")).isEqualTo("still usable");
    }

    @Test
    void changedBytesWithTheRightChecksumNeverDoMoreThanFail() {
        System.out.println("DamageTest.changedBytesWithTheRightChecksum: seed " + seed);
        Random random = new Random(seed);
        List<Object> samples = samples();
        int rounds = Rounds.of(100); // few: JBoss may ask for all the memory there is
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] body = ends.encode(new Object[] {samples.get(random.nextInt(samples.size())), new BitSet(9)});
            int start = 1 + JBossRest.CHECKSUM_BYTES;
            body[start + random.nextInt(body.length - start)] = (byte) random.nextInt(256);
            ByteBuffer bytes = ByteBuffer.wrap(body);
            bytes.putInt(1, JBossRest.checksum(bytes.position(start)));
            refused += refused(body) ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(ends.trip(new BitSet(3))).isEqualTo(new BitSet(3));
    }

    @Test
    void randomBytesNeverDoMoreThanFail() {
        System.out.println("DamageTest.randomBytesNeverDoMoreThanFail: seed " + seed);
        Random random = new Random(seed);
        for (Object sample : samples()) {
            ends.encode(sample); // so that there are definitions to refer to
        }
        int rounds = Rounds.of(500_000);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            for (int at = 0; at < body.length; at++) {
                if (random.nextInt(3) > 0) {
                    body[at] = (byte) random.nextInt(Tag.PLAIN + 1);
                }
            }
            refused += refused(body) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(rounds / 2);
    }

    @Test
    void damagedDefinitionsAreRefusedAtOnceOrWhenTheyAreUsed() {
        System.out.println("DamageTest.damagedDefinitions: seed " + seed);
        Random random = new Random(seed);
        List<Object> samples = samples();
        int rounds = Rounds.of(50_000);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            Ends fresh = new Ends(provider);
            FrameOutput out = new FrameOutput(64, 1 << 20);
            try {
                for (Definition definition : fresh.sender.encode(samples.get(random.nextInt(samples.size())), out)) {
                    byte[] bytes = new byte[definition.bytes().remaining()];
                    definition.bytes().get(bytes);
                    int kept = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    fresh.receiver.define(ByteBuffer.wrap(bytes, 0, kept));
                }
                fresh.receiver.decode(out.frame(), LOADER);
            } catch (CodecException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void whatIsNoDefinitionIsRefusedAtOnce() {
        for (byte[] bytes : new byte[][] {{}, {0}, {1}, {77, 1, 1}, {-1}, {4, -1, -1, -1, -1, -1, -1}}) {
            assertThatThrownBy(() -> ends.receiver.define(ByteBuffer.wrap(bytes)))
                    .as(Arrays.toString(bytes))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void numbersOfDefinitionsMayBeFarApart() {
        byte[] definition = {Tag.D_CLASS, -1, -1, -1, -1, 7, 6, 'i', 'n', 't', 0};
        ends.receiver.define(ByteBuffer.wrap(definition));
        assertThat(ends.decode(new byte[] {Tag.CLASS, -1, -1, -1, -1, 7}, LOADER))
                .isSameAs(int.class);
    }

    @Test
    void lengthsAreCheckedBeforeRoomIsMade() {
        for (byte tag : new byte[] {
            Tag.STRING,
            Tag.BOOLEANS,
            Tag.BYTES,
            Tag.CHARS,
            Tag.LONGS,
            Tag.DOUBLES,
            Tag.OBJECTS,
            Tag.STRINGS,
            Tag.ARRAY_LIST,
            Tag.HASH_MAP,
            Tag.HASH_SET,
            Tag.LIST_OF,
            Tag.SET_OF,
            Tag.MAP_OF,
            Tag.BIG_INTEGER,
            Tag.PRELUDE
        }) {
            byte[] body = {tag, -1, -1, -1, -1, 6, 0, 0, 0, 0};
            assertThatThrownBy(() -> ends.decode(body, LOADER))
                    .as("tag %d", tag)
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("bytes are left");
        }
    }

    @Test
    void everyChangedBitOfAGraphOfJBossIsSeen() {
        byte[] body = ends.encode(new Object[] {new BitSet(), "text"});
        for (int bit = 8; bit < 8 * body.length; bit++) {
            body[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> ends.decode(body, LOADER))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("checksum");
            body[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(ends.decode(body, LOADER)).isNotNull();
    }

    @Test
    void deepNestingInTheBytesIsRefused() {
        byte[] own = new byte[1 << 20];
        for (int i = 0; i < own.length; i += 2) {
            own[i] = Tag.OBJECTS;
            own[i + 1] = 1;
        }
        assertThatThrownBy(() -> ends.decode(own, LOADER))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void aFewBytesDoNotTakeMuchRoom() {
        byte[] body = new byte[1 << 22];
        ByteBuffer to = ByteBuffer.wrap(body);
        for (int i = 0; i < 900; i++) {
            to.put(Tag.OBJECTS)
                    .put((byte) 0x80)
                    .put((byte) 0x80)
                    .put((byte) 0x80)
                    .put((byte) 1); // 2 Mi elements
        }
        assertThatThrownBy(() -> ends.decode(body, LOADER))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("more elements than bytes");
    }

    @Test
    void norDoTheyInAGraphOfJBoss() {
        Object[] nested = {new BitSet()};
        for (int i = 0; i < 100; i++) {
            Object[] outer = new Object[200];
            outer[0] = nested;
            nested = outer;
        }
        byte[] body = Arrays.copyOf(ends.encode(nested), 1300); // all lengths, and few of the elements
        ByteBuffer bytes = ByteBuffer.wrap(body);
        bytes.putInt(1, JBossRest.checksum(bytes.position(1 + JBossRest.CHECKSUM_BYTES)));
        assertThatThrownBy(() -> ends.decode(body, LOADER))
                .isInstanceOf(CodecException.class)
                .hasStackTraceContaining("rejected");
    }

    @Test
    void duplicatesInAnUnmodifiableSetAreRefused() {
        byte[] body = {Tag.SET_OF, 2, Tag.INT8, 1, Tag.INT8, 1};
        assertThat(refused(body)).isTrue();
        body[5] = 2;
        assertThat(refused(body)).isFalse();
    }
}
