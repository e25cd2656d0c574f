// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import org.jboss.marshalling.AbstractClassResolver;
import org.jboss.marshalling.ByteOutput;
import org.jboss.marshalling.Marshaller;
import org.jboss.marshalling.MarshallerFactory;
import org.jboss.marshalling.MarshallingConfiguration;
import org.jboss.marshalling.ObjectResolver;
import org.jboss.marshalling.ObjectTable;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * A marshaller, with a table that takes what JBoss cannot write, or not so well: proxies, lambdas (their shapes are in
 * the session), records (also of closed packages), unmodifiable collections and optionals.
 *
 * <pre>
 * at a class      0 | 1 id:i32 of its definition; those of the JDK have none
 * in the stream   REFERENCE index:i32 | PROXY n:u8 byte*n | BUFFER order:u8 n:i32 byte*n | ENUM id:i32
 *                 | LAMBDA id:i32 object*captures
 *                 | RECORD id:i32 object*components | OPTIONAL, LIST_OF.. n:i32 object*n
 * </pre>
 *
 * <p>Objects of the table have indexes of their own, in the order in which they begin.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class GraphWriter implements ObjectTable.Writer {
    private final Marshaller marshaller;
    private final Bytes bytes = new Bytes();
    private final References seen = new References();
    private @Nullable BodyWriter body; // while a graph is written

    /** Makes a marshaller. */
    GraphWriter(MarshallerFactory factory) throws IOException {
        MarshallingConfiguration configuration = new MarshallingConfiguration();
        configuration.setObjectTable(new Table());
        configuration.setObjectPreResolver(new FirstLook());
        configuration.setClassResolver(new Annotator());
        this.marshaller = factory.createMarshaller(configuration);
    }

    void write(@Nullable Object[] prelude, @Nullable Object root, FrameOutput to, BodyWriter definitions)
            throws IOException {
        body = definitions;
        bytes.to = to;
        to.putSize(prelude.length);
        marshaller.start(bytes);
        for (Object value : prelude) {
            marshaller.writeObject(value);
        }
        marshaller.writeObject(root);
        marshaller.finish();
        seen.clear();
        bytes.to = null;
        body = null;
    }

    @Override
    public void writeObject(Marshaller to, Object object) throws IOException {
        try {
            write(to, object);
        } catch (CodecException e) {
            throw new BodyWriter.Refused(e);
        }
    }

    private void write(Marshaller to, Object object) throws IOException {
        int index = seen.find(object);
        if (index >= 0) {
            to.writeByte(Tag.REFERENCE);
            to.writeInt(index);
            return;
        }
        seen.add(object);
        ClassPlan plan = ClassPlan.of(object.getClass());
        BodyWriter definitions = body;
        if (definitions == null) {
            throw new IllegalStateException("no graph is being written");
        }
        if (plan.tag == Tag.PROXY || Tag.isPrimitives(plan.tag)) {
            writeStandIn(to, object, definitions);
            return;
        }
        if (plan.tag == Tag.ENUM) {
            to.writeByte(Tag.ENUM);
            to.writeInt(definitions.use(plan.constant((Enum<?>) object)));
            return;
        }
        to.writeByte(Contents.tag(object, plan));
        @Nullable Object[] contents;
        switch (plan.tag) {
            case Tag.LAMBDA -> {
                SerializedLambda form = plan.form(object);
                LambdaShape shape = plan.shape(form);
                if (shape.isLost()) {
                    definitions.unfit(object);
                    return;
                }
                to.writeInt(definitions.use(shape));
                contents = Contents.of(form);
            }
            case Tag.RECORD -> {
                to.writeInt(definitions.use(plan.record()));
                contents = plan.record().read(object);
            }
            default -> {
                contents = Contents.of(object, plan);
                to.writeInt(contents.length);
            }
        }
        seen.open(object);
        for (Object value : contents) {
            to.writeObject(value);
        }
        seen.close();
    }

    private static void writeStandIn(Marshaller to, Object object, BodyWriter definitions) throws IOException {
        byte[] stand = definitions.standIn(object);
        if (stand != null) {
            to.writeByte(Tag.PROXY);
            to.writeByte(stand.length);
            to.write(stand);
            return;
        }
        if (!(object instanceof ByteBuffer given)) {
            definitions.unfit(object); // of other types of buffers, only the engine's own travel
            return;
        }
        ByteBuffer buffer = Buffers.copy(given);
        byte[] bytes = new byte[buffer.remaining()];
        to.writeByte(Tag.BUFFER);
        to.writeByte(Buffers.order(buffer));
        to.writeInt(bytes.length);
        buffer.get(bytes);
        to.write(bytes);
    }

    private final class Table implements ObjectTable {
        @Override
        public ObjectTable.@Nullable Writer getObjectWriter(Object object) {
            byte tag = ClassPlan.of(object.getClass()).tag;
            BodyWriter definitions = body;
            if (tag == Tag.NONE) {
                return definitions == null ? null : leaveOut(object, definitions);
            }
            boolean aside = tag == Tag.PROXY
                    || tag == Tag.ENUM
                    || Contents.comeFirst(tag)
                    || Tag.isPrimitives(tag) && definitions != null && definitions.standInOfArray(object) != null;
            return aside ? GraphWriter.this : null;
        }

        private ObjectTable.Writer leaveOut(Object object, BodyWriter from) {
            from.unfit(object);
            return (to, left) -> {
                // nobody reads it
            };
        }

        @Override
        public Object readObject(org.jboss.marshalling.Unmarshaller unmarshaller) {
            throw new IllegalStateException("this is the table of a writer");
        }
    }

    /** Says of each class of users where it is from, and its version. */
    private final class Annotator extends AbstractClassResolver {
        @Override
        protected @Nullable ClassLoader getClassLoader() {
            return null; // asked by readers alone
        }

        @Override
        public void annotateClass(Marshaller to, Class<?> type) throws IOException {
            BodyWriter definitions = body;
            if (definitions == null || type.isArray() || ClassFile.isOfJdk(type)) {
                to.writeByte(0);
                return;
            }
            to.writeByte(1);
            to.writeInt(definitions.use(ClassPlan.of(type).version()));
        }
    }

    /**
     * Asked first, whenever an object is met. It replaces objects before JBoss does, which remembers no replacement that the
     * table takes, and whose serial protocol writes a wrong number for an object that stands for several others.
     */
    private final class FirstLook implements ObjectResolver {
        @Override
        public @Nullable Object writeReplace(@Nullable Object original) {
            Object written = original == null ? null : replaced(original);
            if (written != null && seen.isOpen(written)) {
                throw new BodyWriter.Cycle(written);
            }
            return written;
        }

        private @Nullable Object replaced(Object original) {
            BodyWriter definitions = body;
            try {
                return definitions == null ? original : definitions.replaced(original);
            } catch (CodecException e) {
                throw new BodyWriter.Refused(e);
            }
        }

        @Override
        public @Nullable Object readResolve(@Nullable Object replacement) {
            return replacement;
        }
    }

    private static final class Bytes implements ByteOutput {
        private @Nullable FrameOutput to;

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1); // JBoss writes from its buffer, as a rule
        }

        @Override
        public void write(byte[] from) {
            write(from, 0, from.length);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            FrameOutput frame = to;
            if (frame == null) {
                throw new IllegalStateException("no graph is being written");
            }
            try {
                frame.put(from, offset, length);
            } catch (CodecException e) {
                throw new BodyWriter.Refused(e);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
