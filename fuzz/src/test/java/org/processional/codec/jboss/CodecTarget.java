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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * A session of a codec: definitions and bodies. What cannot be read is a {@link CodecException}, and whatever came before,
 * a good body is read as it was written: nothing half-read stays behind.
 *
 * <pre>
 * part, by the tag modulo 3: 0 a definition | 1 a body | 2 a body of {@link Tag#REST}, without tag and checksum
 * </pre>
 *
 * The checksum is made here: it keeps accidents from JBoss Marshalling, not those who mean harm. JBoss believes the lengths
 * that it reads, and so may ask for as much memory as there is; then the body cannot be read. The own form believes none.
 */
public final class CodecTarget implements Target {
    private static final int DEFINITION = 0;
    private static final int BODY = 1;
    private static final int REST = 2;

    private final String name;
    private final JBossCodecProvider provider;
    private final Script.Part[] good;

    private CodecTarget(String name, JBossCodecProvider provider) {
        this.name = name;
        this.provider = provider;
        this.good = Script.read(script(GOOD)).toArray(Script.Part[]::new);
    }

    /** The codec {@code river}. */
    public static CodecTarget river() {
        return new CodecTarget("river", new RiverCodecProvider());
    }

    /** The codec {@code serial}. */
    public static CodecTarget serial() {
        return new CodecTarget("serial", new SerialCodecProvider());
    }

    /** A proxy, as the seeds have it. */
    private record Stand(int number) implements org.processional.spi.Stub {}

    /** Eight bytes stand for a proxy. */
    private static final class Stands implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            return object instanceof Stand stand
                    ? ByteBuffer.allocate(4).putInt(stand.number()).array()
                    : null;
        }

        @Override
        public Object resolve(byte[] bytes) {
            if (bytes.length != 4) {
                throw new CodecException("no proxy");
            }
            return new Stand(ByteBuffer.wrap(bytes).getInt());
        }
    }

    record Pair(@Nullable Object left, int right) implements Serializable {}

    /** Of the own form for plain classes. */
    static class Plain implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int number;
        private final @Nullable Object value;

        Plain(int number, @Nullable Object value) {
            this.number = number;
            this.value = value;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain plain && plain.number == number && Objects.equals(plain.value, value);
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    private static final Object GOOD = List.of(
            "good",
            new Pair(Map.of(1, 2L), 3),
            new Plain(4, new int[0].length),
            TimeUnit.DAYS,
            new TreeMap<>(Map.of("a", 1)));

    @Override
    public String name() {
        return name;
    }

    @Override
    public long allocationBytes(byte[] input) {
        boolean own = Script.read(input).stream().noneMatch(part -> part.tag() % 3 == REST);
        return own ? Target.super.allocationBytes(input) : Long.MAX_VALUE / 2;
    }

    @Override
    public List<byte[]> seeds() {
        int captured = 7;
        List<String> list = List.of("a", "b");
        Call<Object, RuntimeException> lambda = () -> captured + list.size();
        Call<Object, RuntimeException> bare = () -> 1;
        Object[] cyclic = {null, "x"};
        cyclic[0] = cyclic;
        return new ArrayList<>(java.util.stream.Stream.<@Nullable Object>of(
                        null,
                        GOOD,
                        lambda,
                        bare,
                        (Call<Object, RuntimeException>) list::size,
                        new Object[] {
                            true, (byte) 1, (short) 2, 'c', 3, 4L, 5f, 6d, "seven", "\u0436", 1 << 20, 1L << 40
                        },
                        new Object[] {
                            new boolean[] {true, false},
                            new byte[] {1},
                            new short[] {2},
                            new char[] {'c'},
                            new int[] {3},
                            new long[] {4},
                            new float[] {5},
                            new double[] {6},
                            new String[] {"s", null},
                            new Integer[] {1}
                        },
                        new Object[] {
                            BigInteger.TEN.pow(40),
                            new BigDecimal("1.5"),
                            new UUID(1, 2),
                            Instant.EPOCH,
                            Duration.ofDays(1),
                            LocalDate.EPOCH,
                            LocalTime.NOON,
                            LocalDateTime.MIN,
                            ByteBuffer.wrap(new byte[] {1, 2, 3})
                        },
                        new ArrayList<>(Arrays.asList(1, null, "x")),
                        new HashSet<>(List.of(1, 2)),
                        new LinkedHashSet<>(List.of("x", "y")),
                        new HashMap<>(Map.of("k", List.of(1), "l", Set.of(2))),
                        Optional.of("o"),
                        new Stand(9),
                        List.of(new Stand(1), String.class, int[][].class, TimeUnit.SECONDS),
                        new Pair(new Pair(null, 1), 2),
                        new Plain(1, new Plain(2, "deep")),
                        cyclic,
                        new TreeMap<>(Map.of("tree", new Pair(1, 2), "map", new Stand(3))),
                        new java.util.concurrent.ConcurrentHashMap<>(Map.of(1, new java.util.ArrayDeque<>(List.of(2)))),
                        new IllegalStateException("failure", new java.io.IOException("cause")))
                .map(this::script)
                .toList());
    }

    private byte[] script(@Nullable Object value) {
        FrameOutput out = new FrameOutput(256, 1 << 20);
        Script.Writer script = new Script.Writer();
        for (Definition definition :
                provider.open(new Stands(), InputFilter.none()).encode(value, out)) {
            script.part(DEFINITION, definition.bytes());
        }
        ByteBuffer body = out.frame();
        if (body.get(body.position()) == Tag.REST) {
            return script.part(REST, body.position(body.position() + 1 + JBossRest.CHECKSUM_BYTES))
                    .input();
        }
        return script.part(BODY, body).input();
    }

    @Override
    public void run(byte[] input) {
        Codec session = provider.open(new Stands(), InputFilter.none());
        for (Script.Part part : Script.read(input)) {
            take(session, part);
        }
        Codec fresh = provider.open(new Stands(), InputFilter.none());
        Object read = null;
        for (Script.Part part : good) {
            read = read(fresh, part);
        }
        if (!GOOD.equals(read)) {
            throw new AssertionError("a good body was read as " + read);
        }
    }

    private static void take(Codec session, Script.Part part) {
        try {
            read(session, part);
        } catch (CodecException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
        }
    }

    private static @Nullable Object read(Codec session, Script.Part part) {
        ClassLoader loader = CodecTarget.class.getClassLoader();
        switch (part.tag() % 3) {
            case DEFINITION -> {
                session.define(part.buffer());
                return null;
            }
            case BODY -> {
                return session.decode(part.buffer(), loader);
            }
            default -> {
                ByteBuffer body = ByteBuffer.allocate(1 + JBossRest.CHECKSUM_BYTES + part.bytes().length);
                body.put(Tag.REST).putInt(JBossRest.checksum(part.buffer())).put(part.bytes());
                return session.decode(body.flip(), loader);
            }
        }
    }
}
