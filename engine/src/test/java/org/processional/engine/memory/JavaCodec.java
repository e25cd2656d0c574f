// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/** The simplest codec: Java serialization, without a session. For tests, and to be read. */
public final class JavaCodec implements CodecProvider {
    @Override
    public String name() {
        return "java";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Codec open(Substitution substitution) {
        return new Session(substitution);
    }

    private record Stand(byte[] bytes) implements Serializable {}

    private record Session(Substitution substitution) implements Codec {
        @Override
        public List<Definition> encode(@Nullable Object value, FrameOutput out) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (Writer writer = new Writer(bytes, substitution)) {
                writer.writeObject(value);
            } catch (IOException e) {
                throw new CodecException("cannot travel: " + e, e);
            }
            out.put(bytes.toByteArray(), 0, bytes.size());
            return List.of();
        }

        @Override
        public void define(ByteBuffer definition) {
            throw new CodecException("this codec has no session");
        }

        @Override
        public @Nullable Object decode(ByteBuffer body, ClassLoader loader) {
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            try (Reader reader = new Reader(new ByteArrayInputStream(bytes), loader, substitution)) {
                return reader.readObject();
            } catch (IOException | ClassNotFoundException e) {
                throw new CodecException("cannot be read: " + e, e);
            }
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
            return object instanceof Proxy<?> ? new Stand(substitution.replace(object)) : object;
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
                return super.resolveClass(type);
            }
        }

        @Override
        protected @Nullable Object resolveObject(Object object) {
            return object instanceof Stand stand ? substitution.resolve(stand.bytes()) : object;
        }
    }
}
