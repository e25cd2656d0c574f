// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;

/**
 * The simplest codec, named {@code java}: Java serialization, without a session. For tests, and to be read.
 *
 * <p><b>Threads:</b> as {@link CodecProvider} and {@link Codec} say; it keeps no state.
 *
 * @since 0.1
 */
public final class JavaCodec implements CodecProvider {
    /** For the service loader. */
    public JavaCodec() {}

    @Override
    public String name() {
        return "java";
    }

    @Override
    public int priority() {
        return -100; // where the user names it, or nothing else is there
    }

    @Override
    public Codec open(Substitution substitution, InputFilter filter) {
        return new Session(substitution, filter);
    }

    /** What is written in place of an object of the engine. */
    private static final class Stand implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        final byte[] bytes;

        Stand(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** What is written in place of a byte buffer, which is not serializable. */
    private static final class BufferContent implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;
        private final boolean littleEndian;

        BufferContent(ByteBuffer buffer) {
            bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            littleEndian = buffer.order() == ByteOrder.LITTLE_ENDIAN;
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        }
    }

    /** What is written in place of a lambda: the class in which it was written comes before what it captured. */
    private static final class LambdaContent implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        private transient Object lambda; // as Java serialization has it; where it is read, the lambda itself

        LambdaContent(SerializedLambda lambda) {
            this.lambda = lambda;
        }

        @Serial
        private void writeObject(ObjectOutputStream to) throws IOException {
            ((Writer) to).writeLambda((SerializedLambda) lambda);
        }

        @Serial
        private void readObject(ObjectInputStream from) throws IOException, ClassNotFoundException {
            lambda = ((Reader) from).readLambda();
        }
    }

    private record Session(Substitution substitution, InputFilter filter) implements Codec {
        @Override
        public List<Definition> encode(@Nullable Object value, FrameOutput out) {
            List<byte[]> stands = new ArrayList<>();
            try {
                byte[] body = write(value, stands);
                out.put(body, 0, body.length);
                return List.of();
            } catch (CodecException e) {
                stands.forEach(substitution::forget); // the body is not sent
                throw e;
            }
        }

        private byte[] write(@Nullable Object value, List<byte[]> stands) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (Writer writer = new Writer(bytes, substitution, stands)) {
                writer.writeObject(value);
            } catch (CodecException e) {
                throw e;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                throw new CodecException(
                        "cannot travel: " + e + "; make its class Serializable, or do not capture it", e);
            }
            return bytes.toByteArray();
        }

        @Override
        public void define(ByteBuffer definition) {
            throw new CodecException("damaged message: a definition, but the codec \"java\" has no session");
        }

        @Override
        public @Nullable Object decode(ByteBuffer body, ClassLoader loader) {
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            try (Reader reader = new Reader(new ByteArrayInputStream(bytes), loader, substitution, filter)) {
                reader.setObjectInputFilter(reader.check(4L * bytes.length + 64));
                return reader.readObject();
            } catch (CodecException e) {
                throw e;
            } catch (InvalidClassException e) { // what the filter of the connection refused is its cause
                throw e.getCause() instanceof CodecException refused ? refused : unreadable(e);
            } catch (IOException
                    | ClassNotFoundException
                    | RuntimeException
                    | LinkageError
                    | StackOverflowError e) { // damaged bytes lead anywhere
                throw unreadable(e);
            }
        }

        private static CodecException unreadable(Throwable e) {
            return new CodecException("cannot be read here: " + e, e);
        }
    }

    private static final class Writer extends ObjectOutputStream {
        /** Bytes of an element. */
        private static final Map<Class<?>, Integer> WIDTHS = Map.of(
                boolean[].class, 1,
                byte[].class, Byte.BYTES,
                short[].class, Short.BYTES,
                char[].class, Character.BYTES,
                int[].class, Integer.BYTES,
                float[].class, Float.BYTES,
                long[].class, Long.BYTES,
                double[].class, Double.BYTES);

        private final Substitution substitution;
        private final List<byte[]> stands; // what was written in place of something, for who gives up
        private @Nullable SerializedLambda content; // is written itself

        Writer(OutputStream to, Substitution substitution, List<byte[]> stands) throws IOException {
            super(to);
            this.substitution = substitution;
            this.stands = stands;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            byte[] stand = isOfTheEngine(object) ? substitution.replace(object) : null;
            if (stand != null) {
                stands.add(stand);
                return new Stand(stand);
            }
            if (object instanceof SerializedLambda lambda && lambda != content) {
                return new LambdaContent(lambda);
            }
            return object instanceof ByteBuffer buffer ? new BufferContent(buffer) : object;
        }

        void writeLambda(SerializedLambda lambda) throws IOException {
            writeObject(lambda.getCapturingClass().replace('/', '.'));
            content = lambda;
            writeObject(lambda);
        }

        private static boolean isOfTheEngine(Object object) {
            return object instanceof Proxy<?>
                    || object instanceof Stub
                    || object instanceof SharedMemory
                    || object instanceof Buffer
                    || isLarge(object);
        }

        private static boolean isLarge(Object object) {
            Integer width = WIDTHS.get(object.getClass());
            return width != null && Array.getLength(object) >= Substitution.LARGE_BYTES / width;
        }
    }

    private static final class Reader extends ObjectInputStream {
        /** They stand for something else, which is what the filter is asked about. */
        private static final Set<Class<?>> OWN =
                Set.of(Stand.class, BufferContent.class, LambdaContent.class, SerializedLambda.class);

        private final ClassLoader loader;
        private final Substitution substitution;
        private final InputFilter filter;
        private final Deque<Class<?>> writtenIn = new ArrayDeque<>(); // of the lambdas that are being read
        private boolean resolved; // what the filter is asked for next did not come in the message

        Reader(InputStream from, ClassLoader loader, Substitution substitution, InputFilter filter) throws IOException {
            super(from);
            this.loader = loader;
            this.substitution = substitution;
            this.filter = filter;
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            filter.name(type.getName());
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type); // a primitive type, or one of the JDK
            }
        }

        private Class<?> find(String name) throws ClassNotFoundException {
            filter.name(name);
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                return Class.forName(name, false, JavaCodec.class.getClassLoader()); // which sees the engine
            }
        }

        /** The interfaces are asked about before a class is made of them. */
        @Override
        @SuppressWarnings("deprecation") // the class is wanted, of which there is no object yet
        protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
            Class<?>[] interfaces = new Class<?>[names.length];
            ClassLoader home = loader;
            for (int i = 0; i < names.length; i++) {
                interfaces[i] = find(names[i]);
                filter.type(interfaces[i]);
                if (!Modifier.isPublic(interfaces[i].getModifiers())) {
                    home = interfaces[i].getClassLoader(); // no other can implement it
                }
            }
            return java.lang.reflect.Proxy.getProxyClass(home, interfaces);
        }

        /** Asks about a lambda before there is anything of what it captured. */
        Object readLambda() throws IOException, ClassNotFoundException {
            Class<?> capturing = find((String) readObject());
            filter.lambda(capturing);
            writtenIn.push(capturing);
            return readObject();
        }

        @Override
        protected @Nullable Object resolveObject(Object object) {
            if (object instanceof BufferContent content) {
                return content.buffer();
            }
            Object found = object instanceof Stand stand
                    ? substitution.resolve(stand.bytes)
                    : object instanceof LambdaContent function ? function.lambda : object;
            resolved = found != null && found != object;
            return found;
        }

        /**
         * Believes no length that a message of this size cannot have, and asks the filter of the connection. Of what was
         * resolved it is asked as well, which did not come in the message.
         */
        ObjectInputFilter check(long limit) {
            return info -> {
                boolean ours = resolved;
                resolved = false;
                Class<?> type = info.serialClass();
                if (!ours && type != null) {
                    ask(type);
                }
                if (filter.counts()) {
                    filter.count(info);
                }
                return !ours && info.arrayLength() > limit
                        ? ObjectInputFilter.Status.REJECTED
                        : ObjectInputFilter.Status.UNDECIDED;
            };
        }

        private void ask(Class<?> type) {
            if (type.isHidden()) {
                checkLambda(type);
            } else if (!OWN.contains(type) && !java.lang.reflect.Proxy.isProxyClass(type)) {
                filter.type(type);
            }
        }

        /** A lambda that was made is of the class that was asked about, or the message was forged. */
        private void checkLambda(Class<?> type) {
            Class<?> capturing = writtenIn.poll();
            if (capturing == null || capturing.getNestHost() != type.getNestHost()) {
                throw new CodecException("damaged message: a lambda that was written in another class than it says");
            }
        }
    }
}
