// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Explanation;
import org.processional.Proxy;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;
import org.processional.tck.JavaCodec;

/**
 * The codec of Java serialization with one fault.
 *
 * <p><b>Threads:</b> as a {@link Codec}; what a fault counts is of JUnit's thread.
 */
record BrokenCodec(CodecFault fault) implements ExplainingCodecProvider {
    @Override
    public String name() {
        return "broken";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Codec open(Substitution substitution, InputFilter filter) {
        List<CodecException> late = new ArrayList<>();
        BrokenFilter broken = new BrokenFilter(fault, filter, late);
        return new Session(fault, new JavaCodec().open(new BrokenSubstitution(fault, substitution), broken), late);
    }

    @Override
    public Explanation explain(Serializable function, Substitution substitution) {
        List<Explanation.Obstacle> obstacles = new ArrayList<>();
        List<byte[]> replaced = new ArrayList<>();
        FrameOutput out = new FrameOutput(64, 1 << 20);
        try {
            new JavaCodec()
                    .open(new Noting(substitution, replaced), InputFilter.none())
                    .encode(function, out);
        } catch (CodecException e) {
            boolean unnamed = fault == CodecFault.C09_DOES_NOT_NAME_WHAT_CANNOT_TRAVEL;
            String message = unnamed ? "cannot travel" : e.getMessage();
            boolean other = fault == CodecFault.C20_EXPLAINS_OTHERWISE;
            obstacles.add(new Explanation.Obstacle(
                    "a function", message, "its class", message, other ? "read the manual" : ""));
        }
        replaced.forEach(substitution::forget);
        long bytes = obstacles.isEmpty() ? out.size() : Explanation.UNKNOWN;
        return new Explanation("a function", List.of(), obstacles, bytes, bytes);
    }

    /** Notes what was replaced, and is not told what to forget. */
    private record Noting(Substitution substitution, List<byte[]> replaced) implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            byte[] bytes = substitution.replace(object);
            if (bytes != null) {
                replaced.add(bytes);
            }
            return bytes;
        }

        @Override
        public @Nullable Object resolve(byte[] bytes) {
            return substitution.resolve(bytes);
        }
    }

    private record BrokenSubstitution(CodecFault fault, Substitution substitution) implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            if (fault == CodecFault.C08_REPLACES_TWICE && object instanceof Proxy<?>) {
                substitution.replace(object);
            }
            return isAskedAbout(object) ? substitution.replace(object) : null;
        }

        private boolean isAskedAbout(Object object) {
            return switch (fault) {
                case C08_ENCODES_STUBS -> !(object instanceof Stub);
                case C19_ASKS_ABOUT_NO_ARRAY -> !object.getClass().isArray();
                case C19_ENCODES_LARGE_ARRAYS_OF_SHORTS -> !(object instanceof short[]);
                case C19_ASKS_ABOUT_BYTE_BUFFERS_ALONE -> object instanceof ByteBuffer || !(object instanceof Buffer);
                default -> true;
            };
        }

        @Override
        public void forget(byte[] bytes) {
            if (fault == CodecFault.C08_REPLACES_TWICE) {
                substitution.forget(bytes);
            }
            if (fault != CodecFault.C17_DOES_NOT_FORGET) {
                substitution.forget(bytes);
            }
        }

        @Override
        public @Nullable Object resolve(byte[] bytes) {
            return substitution.resolve(bytes);
        }
    }

    /** It says in the end alone what it has refused late. */
    private record BrokenFilter(CodecFault fault, InputFilter filter, List<CodecException> late)
            implements InputFilter {
        @Override
        public void name(String name) {
            if (fault != CodecFault.C23_ASKS_TOO_LATE) {
                filter.name(name);
            }
        }

        @Override
        public void type(Class<?> type) {
            if (isAskedAbout(type)) {
                filter.type(type);
            }
        }

        private boolean isAskedAbout(Class<?> type) {
            return switch (fault) {
                case C21_DOES_NOT_ASK_ABOUT_RECORDS -> !type.isRecord();
                case C21_DOES_NOT_ASK_ABOUT_ABSTRACT_CLASSES -> !Modifier.isAbstract(type.getModifiers());
                case C21_DOES_NOT_ASK_ABOUT_INTERFACES -> !type.isInterface();
                case C21_DOES_NOT_ASK_ABOUT_ARRAYS -> !type.isArray();
                default -> true;
            };
        }

        @Override
        public void lambda(Class<?> capturing) {
            if (fault == CodecFault.C22_DOES_NOT_ASK_ABOUT_LAMBDAS) {
                return;
            }
            try {
                boolean other = fault == CodecFault.C22_TELLS_ANOTHER_CLASS_OF_A_LAMBDA;
                filter.lambda(other ? SerializedLambda.class : capturing);
            } catch (CodecException e) {
                if (fault != CodecFault.C25_REFUSES_A_LAMBDA_WHEN_IT_IS_MADE) {
                    throw e;
                }
                late.add(e);
            }
        }

        @Override
        public boolean counts() {
            return filter.counts();
        }

        @Override
        public void count(ObjectInputFilter.FilterInfo info) {
            if (fault != CodecFault.C24_COUNTS_NO_ARRAY || info.arrayLength() < 0) {
                filter.count(info);
            }
        }
    }

    private static final class Again implements Definition {
        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.allocate(1);
        }

        @Override
        public void sent() {}
    }

    /** A definition that every body needs. */
    private static final class Key implements Definition {
        static final byte VALUE = 42;

        private volatile boolean sent;

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(new byte[] {VALUE}).asReadOnlyBuffer();
        }

        @Override
        public void sent() {
            sent = true;
        }

        static boolean isAt(ByteBuffer bytes) {
            return bytes.remaining() == 1 && bytes.get(bytes.position()) == VALUE;
        }
    }

    /** Finds interfaces where the codec is. */
    private static final class ClassesAlone extends ClassLoader {
        ClassesAlone(ClassLoader loader) {
            super(loader);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> found = super.loadClass(name, resolve);
            return found.isInterface() ? Class.forName(name, false, Session.class.getClassLoader()) : found;
        }
    }

    private static final class Session implements Codec {
        private final CodecFault fault;
        private final Codec codec;
        private final List<CodecException> late;
        private final Thread owner = Thread.currentThread();
        private final Set<Object> read = Collections.newSetFromMap(new IdentityHashMap<>());
        private final ThreadLocal<FrameOutput> last = ThreadLocal.withInitial(() -> new FrameOutput(16, 16)); // C28
        private final ThreadLocal<Boolean> reads = ThreadLocal.withInitial(() -> false); // C28
        private final Key key = new Key(); // C26
        private volatile @Nullable ByteBuffer kept; // C26: set by who defines
        private int functions;

        Session(CodecFault fault, Codec codec, List<CodecException> late) {
            this.fault = fault;
            this.codec = codec;
            this.late = late;
        }

        @Override
        public List<Definition> encode(@Nullable Object value, FrameOutput out) {
            if (fault == CodecFault.C16_IS_OF_ONE_THREAD && Thread.currentThread() != owner) {
                throw new CodecException("another thread");
            }
            try {
                if (fault == CodecFault.C28_WRITES_INTO_THE_LAST_FRAME_OF_ITS_THREAD) {
                    encodeIntoLast(value, out);
                } else {
                    codec.encode(value, out);
                }
            } catch (CodecException e) {
                if (fault == CodecFault.C27_EMPTIES_THE_FRAME_OF_WHAT_IT_REFUSES) {
                    out.clear();
                    out.putByte(0);
                }
                if (fault == CodecFault.C09_DOES_NOT_NAME_WHAT_CANNOT_TRAVEL
                        && e.getMessage().contains("Stays")) {
                    throw new CodecException("cannot travel");
                }
                if (fault != CodecFault.C12_CUTS_A_MESSAGE_THAT_IS_TOO_LONG || !(value instanceof byte[])) {
                    throw e;
                }
            }
            if (fault == CodecFault.C18_MOVES_A_BUFFER && value instanceof ByteBuffer buffer) {
                buffer.position(buffer.limit());
            }
            return switch (fault) {
                case C07_DEFINES_AGAIN_AND_AGAIN -> List.of(new Again());
                case C26_KEEPS_THE_BUFFER_OF_A_DEFINITION -> key.sent ? List.of() : List.of(key);
                default -> List.of();
            };
        }

        private void encodeIntoLast(@Nullable Object value, FrameOutput out) {
            last.set(out);
            FrameOutput own = new FrameOutput(64, out.maxBytes());
            codec.encode(value, own);
            byte[] body = new byte[own.size()];
            own.frame().get(body);
            last.get().put(body, 0, body.length);
        }

        @Override
        public void define(ByteBuffer definition) {
            switch (fault) {
                case C07_DEFINES_AGAIN_AND_AGAIN -> {
                    // it is nothing
                }
                case C26_KEEPS_THE_BUFFER_OF_A_DEFINITION -> {
                    if (!Key.isAt(definition)) {
                        throw new CodecException("not the key");
                    }
                    kept = definition.duplicate();
                }
                case C15_FAILS_AT_A_WRONG_DEFINITION -> throw new IllegalArgumentException("wrong");
                default -> codec.define(definition);
            }
        }

        @Override
        public @Nullable Object decode(ByteBuffer body, ClassLoader loader) {
            if (fault == CodecFault.C13_FAILS_AT_128_BYTES && body.remaining() == 128
                    || fault == CodecFault.C14_FAILS_AT_A_WRONG_FIRST_BYTE
                            && body.hasRemaining()
                            && body.get(body.position()) != (byte) 0xAC) {
                throw new IllegalStateException("from the depths");
            }
            Object value = decodeOnce(body, brokenLoader(loader));
            if (!late.isEmpty()) {
                throw late.remove(0);
            }
            if (fault == CodecFault.C06_READS_A_BODY_ONCE && body.hasArray() && !read.add(body.array())) {
                throw new CodecException("read already");
            }
            boolean kept = fault == CodecFault.C27_KEEPS_THE_FRAME_OF_A_BUFFER;
            return kept && value instanceof ByteBuffer buffer ? inFrame(buffer, body) : changed(value);
        }

        /** The same bytes where they came from; they are at the end. */
        private static ByteBuffer inFrame(ByteBuffer buffer, ByteBuffer body) {
            int start = body.limit() - buffer.remaining();
            ByteBuffer there = body.duplicate().position(start).slice().order(buffer.order());
            return there.equals(buffer) ? there : buffer;
        }

        private ClassLoader brokenLoader(ClassLoader loader) {
            return switch (fault) {
                case C10_USES_A_CLASS_LOADER_OF_ITS_OWN -> Session.class.getClassLoader();
                case C10_FINDS_INTERFACES_ELSEWHERE -> new ClassesAlone(loader);
                default -> loader;
            };
        }

        private @Nullable Object decodeOnce(ByteBuffer body, ClassLoader loader) {
            switch (fault) {
                case C26_KEEPS_THE_BUFFER_OF_A_DEFINITION -> {
                    ByteBuffer definition = kept;
                    if (definition != null && !Key.isAt(definition)) {
                        throw new CodecException("damaged key");
                    }
                    return codec.decode(body, loader);
                }
                case C27_READS_FROM_THE_BEGINNING -> {
                    return codec.decode(body.duplicate().position(0), loader);
                }
                case C27_READS_THE_ARRAY -> {
                    int start = body.arrayOffset() + body.position();
                    return codec.decode(ByteBuffer.wrap(body.array(), start, body.remaining()), loader);
                }
                case C28_READS_ONE_BODY_AT_A_TIME_IN_A_THREAD -> {
                    if (reads.get()) {
                        throw new CodecException("another body is read");
                    }
                    reads.set(true);
                    try {
                        return codec.decode(body, loader);
                    } finally {
                        reads.set(false);
                    }
                }
                default -> {
                    return codec.decode(body, loader);
                }
            }
        }

        private @Nullable Object changed(@Nullable Object value) {
            switch (fault) {
                case C01_MAKES_DURATIONS_LONGER -> {
                    return value instanceof Duration duration ? duration.plusNanos(1) : value;
                }
                case C02_ZEROES_DOUBLES -> {
                    return value instanceof double[] doubles && doubles.length == 1 ? new double[1] : value;
                }
                case C03_FORGETS_A_FUNCTION -> {
                    if (value instanceof Call<?, ?> && ++functions > 4) {
                        throw new CodecException("forgotten");
                    }
                }
                case C04_LOSES_STACK_TRACES -> {
                    if (value instanceof Throwable error) {
                        error.setStackTrace(new StackTraceElement[0]);
                    }
                }
                case C05_COPIES_WHAT_IS_SHARED -> {
                    if (value instanceof List<?> list && list.size() == 2 && list.get(0) == list.get(1)) {
                        return List.of(list.get(0), new ArrayList<>((List<?>) list.get(1)));
                    }
                }
                case C11_LOSES_THE_LAST_BYTE_OF_MANY -> {
                    if (value instanceof byte[] bytes && bytes.length > 1 << 20) {
                        return Arrays.copyOf(Arrays.copyOf(bytes, bytes.length - 1), bytes.length);
                    }
                }
                default -> {
                    // the other faults are elsewhere
                }
            }
            return value;
        }
    }
}
