// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/**
 * The simplest codec, named {@code java}: Java serialization, without a session. For tests, and to be read.
 *
 * <p><b>Threads:</b> as {@link CodecProvider} and {@link Codec} say; it keeps no state.
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
    public Codec open(Substitution substitution) {
        return new Session(substitution);
    }

    /** What is written in place of a proxy. */
    private static final class Stand implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        final byte[] bytes;

        Stand(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private record Session(Substitution substitution) implements Codec {
        @Override
        public List<Definition> encode(@Nullable Object value, FrameOutput out) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (Writer writer = new Writer(bytes, substitution)) {
                writer.writeObject(value);
            } catch (CodecException e) {
                throw e;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                throw new CodecException(
                        "cannot travel: " + e + "; make its class Serializable, or do not capture it", e);
            }
            out.put(bytes.toByteArray(), 0, bytes.size());
            return List.of();
        }

        @Override
        public void define(ByteBuffer definition) {
            throw new CodecException("damaged message: a definition, but the codec \"java\" has no session");
        }

        @Override
        public @Nullable Object decode(ByteBuffer body, ClassLoader loader) {
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            try (Reader reader = new Reader(new ByteArrayInputStream(bytes), loader, substitution)) {
                reader.setObjectInputFilter(new Limits(bytes.length));
                return reader.readObject();
            } catch (CodecException e) {
                throw e;
            } catch (IOException
                    | ClassNotFoundException
                    | RuntimeException
                    | LinkageError
                    | StackOverflowError e) { // damaged bytes lead anywhere
                throw new CodecException("cannot be read here: " + e, e);
            }
        }
    }

    /** Believes no length that a message of this size cannot have. */
    private record Limits(long bytes) implements ObjectInputFilter {
        @Override
        public Status checkInput(FilterInfo info) {
            return info.arrayLength() > 4 * bytes + 64 ? Status.REJECTED : Status.UNDECIDED;
        }
    }

    private static final class Writer extends ObjectOutputStream {
        private final Substitution substitution;

        Writer(OutputStream to, Substitution substitution) throws IOException {
            super(to);
            this.substitution = substitution;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (!(object instanceof Proxy<?> || object instanceof SharedMemory || object instanceof Buffer)) {
                return object; // large arrays too: they travel as they are
            }
            byte[] stand = substitution.replace(object);
            return stand == null ? object : new Stand(stand);
        }
    }

    private static final class Reader extends ObjectInputStream {
        private final ClassLoader loader;
        private final Substitution substitution;

        Reader(InputStream from, ClassLoader loader, Substitution substitution) throws IOException {
            super(from);
            this.loader = loader;
            this.substitution = substitution;
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type); // a primitive type, or one of the JDK
            }
        }

        @Override
        protected @Nullable Object resolveObject(Object object) {
            return object instanceof Stand stand ? substitution.resolve(stand.bytes) : object;
        }
    }
}
