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
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
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
        private final Substitution substitution;
        private final List<byte[]> stands; // what was written in place of something, for who gives up

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
            return object instanceof ByteBuffer buffer ? new BufferContent(buffer) : object;
        }

        private static boolean isOfTheEngine(Object object) {
            return object instanceof Proxy<?>
                    || object instanceof Stub
                    || object instanceof SharedMemory
                    || object instanceof Buffer
                    || object instanceof byte[] bytes && bytes.length >= Substitution.LARGE_BYTES
                    || object instanceof int[] ints && ints.length >= Substitution.LARGE_BYTES / Integer.BYTES
                    || object instanceof long[] longs && longs.length >= Substitution.LARGE_BYTES / Long.BYTES
                    || object instanceof double[] doubles && doubles.length >= Substitution.LARGE_BYTES / Double.BYTES;
        }
    }

    private static final class Reader extends ObjectInputStream {
        private final ClassLoader loader;
        private final Substitution substitution;
        private final InputFilter filter;
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

        @Override
        protected @Nullable Object resolveObject(Object object) {
            if (object instanceof Stand stand) {
                resolved = true;
                return substitution.resolve(stand.bytes);
            }
            return object instanceof BufferContent content ? content.buffer() : object;
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

        /** A lambda comes as a class of the JDK, which holds the class in which it was written. */
        private void ask(Class<?> type) {
            if (type == SerializedLambda.class) {
                filter.lambda(type);
            } else if (type != Stand.class && type != BufferContent.class) {
                filter.type(type);
            }
        }
    }
}
