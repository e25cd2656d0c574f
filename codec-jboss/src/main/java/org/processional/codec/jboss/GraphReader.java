// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Set;
import org.jboss.marshalling.AbstractClassResolver;
import org.jboss.marshalling.ByteInput;
import org.jboss.marshalling.MarshallerFactory;
import org.jboss.marshalling.MarshallingConfiguration;
import org.jboss.marshalling.ObjectTable;
import org.jboss.marshalling.Unmarshaller;
import org.jboss.marshalling.UnmarshallingObjectInputFilter;
import org.jboss.marshalling.river.RiverMarshallerFactory;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * An unmarshaller: the counterpart of {@link GraphWriter}.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class GraphReader {
    /** Elements that a byte can hold: JBoss packs booleans. */
    private static final int ELEMENTS_PER_BYTE = 8;

    /** From this length on, in bytes, JBoss keeps more of a graph than is worth keeping. */
    private static final int LARGE = 1 << 16;

    private static final Object OPEN = new Object();

    private final Unmarshaller unmarshaller;
    private final boolean isRiver;
    private final Admission admission;
    private final @Nullable GraphTally tally; // null: nothing is counted
    private final Set<Class<?>> admitted = new HashSet<>(); // while a graph is read
    private final ArrayList<@Nullable Object> objects = new ArrayList<>(); // of the table, by index; OPEN: not complete
    private @Nullable BodyReader body; // while a graph is read
    private @Nullable ClassLoader loader; // the same
    private int length; // of the graph, in bytes
    private long room; // elements that the graph may still have

    GraphReader(MarshallerFactory factory, Admission admission) throws IOException {
        this.isRiver = factory instanceof RiverMarshallerFactory;
        this.admission = admission;
        Tally counted = admission.tally();
        this.tally = counted == null ? null : new GraphTally(counted);
        MarshallingConfiguration configuration = new MarshallingConfiguration();
        if (tally != null) {
            configuration.setObjectResolver(tally);
        }
        configuration.setObjectTable(new Table());
        configuration.setClassResolver(new Resolver());
        configuration.setUnmarshallingFilter(new Check());
        this.unmarshaller = factory.createUnmarshaller(configuration);
    }

    @Nullable
    Object read(ByteBuffer from, ClassLoader with, BodyReader definitions) throws IOException, ClassNotFoundException {
        body = definitions;
        loader = with;
        int prelude = PrimitiveArrays.count(from, 1);
        length = from.remaining();
        room = ELEMENTS_PER_BYTE * (length + 1L);
        if (tally != null) {
            tally.begin(unmarshaller, length);
        }
        unmarshaller.start(new Bytes(from));
        for (int i = 0; i < prelude; i++) {
            unmarshaller.readObject();
        }
        Object root = unmarshaller.readObject();
        if (tally != null) {
            tally.object(); // with the strings at the end
        }
        unmarshaller.finish();
        objects.clear();
        admitted.clear();
        body = null;
        loader = null;
        return root;
    }

    /** Whether it cannot read another graph: JBoss counts objects over all of them, and keeps room for those of the largest. */
    boolean isForOne() {
        return tally != null || length > LARGE;
    }

    /**
     * The bytes of a graph. It fails at their end, where others say so: JBoss, told to skip more than there is, would ask
     * again for ever. Nothing reads past the end of a whole graph.
     */
    private static final class Bytes implements ByteInput {
        private final ByteBuffer from;

        Bytes(ByteBuffer from) {
            this.from = from;
        }

        private int some(long wanted) throws EOFException {
            if (!from.hasRemaining()) {
                throw new EOFException("it ends too early");
            }
            return (int) Math.min(wanted, from.remaining());
        }

        @Override
        public int read() throws IOException {
            some(1);
            return from.get() & 0xff;
        }

        @Override
        public int read(byte[] to) throws IOException {
            return read(to, 0, to.length);
        }

        @Override
        public int read(byte[] to, int offset, int count) throws IOException {
            int some = count == 0 ? 0 : some(count);
            from.get(to, offset, some);
            return some;
        }

        @Override
        public int available() {
            return from.remaining();
        }

        @Override
        public long skip(long count) throws IOException {
            int some = count <= 0 ? 0 : some(count);
            from.position(from.position() + some);
            return some;
        }

        @Override
        public void close() {}
    }

    private final class Table implements ObjectTable {
        @Override
        public ObjectTable.@Nullable Writer getObjectWriter(Object object) {
            throw new IllegalStateException("this is the table of a reader");
        }

        @Override
        public @Nullable Object readObject(Unmarshaller from) throws IOException, ClassNotFoundException {
            byte tag = from.readByte();
            if (tag == Tag.REFERENCE) {
                return reference(from.readInt());
            }
            if (tally != null) {
                tally.object();
            }
            int index = objects.size();
            objects.add(OPEN);
            Object object = readNew(tag, from);
            objects.set(index, object);
            return object;
        }
    }

    private @Nullable Object reference(int index) {
        Object object = index >= 0 && index < objects.size() ? objects.get(index) : OPEN;
        if (object == OPEN) {
            throw new CodecException("damaged message: it refers to object " + index + ", which is not there yet");
        }
        return object;
    }

    private BodyReader definitions() {
        BodyReader present = body;
        if (present == null) {
            throw new IllegalStateException("no graph is being read");
        }
        return present;
    }

    private ClassLoader with() {
        ClassLoader present = loader;
        if (present == null) {
            throw new IllegalStateException("no graph is being read");
        }
        return present;
    }

    private @Nullable Object readNew(byte tag, Unmarshaller from) throws IOException, ClassNotFoundException {
        BodyReader definitions = definitions();
        ClassLoader with = with();
        admission.form(tag);
        try {
            switch (tag) {
                case Tag.PROXY -> {
                    byte[] stand = new byte[from.readUnsignedByte()];
                    from.readFully(stand);
                    return counted(definitions.proxy(stand));
                }
                case Tag.BUFFER -> {
                    int order = from.readUnsignedByte();
                    int count = from.readInt();
                    if (count < 0 || count > length) {
                        throw new CodecException("damaged message: a buffer of " + count + " in " + length + " bytes");
                    }
                    countElements(count);
                    byte[] bytes = new byte[count];
                    from.readFully(bytes);
                    return Buffers.make(order, bytes);
                }
                case Tag.ENUM -> {
                    return definitions.session().get(from.readInt()).constant(with);
                }
                case Tag.LAMBDA -> {
                    return lambda(definitions.session().get(from.readInt()), with, from);
                }
                case Tag.RECORD -> {
                    RecordAccess record =
                            definitions.session().get(from.readInt()).record(with);
                    return record.create(readAll(from, record.size()));
                }
                case Tag.OPTIONAL, Tag.LIST_OF, Tag.LIST_NULLS, Tag.SET_OF, Tag.MAP_OF -> {
                    int count = from.readInt();
                    if (count < 0 || !hasRoom(count)) {
                        throw new CodecException("damaged message: " + count + " elements in " + length + " bytes");
                    }
                    countElements(tag == Tag.MAP_OF ? count / 2 : count);
                    return Contents.make(tag, readAll(from, count));
                }
                default -> throw new CodecException("damaged message: no object of the table begins with " + tag);
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CodecException("cannot make an object: " + e, e);
        }
    }

    private static Object lambda(IncomingDefinition definition, ClassLoader with, Unmarshaller from) throws Throwable {
        LambdaShape shape = definition.shape();
        if (shape.captures == 0) {
            return definition.lambda(with);
        }
        LambdaMaker maker = definition.maker(with); // first: of a lambda that is refused nothing is read
        return shape.build(maker, readAll(from, shape.captures));
    }

    /** Takes room for elements, before any memory. */
    private boolean hasRoom(int elements) {
        room -= elements;
        return room >= 0;
    }

    private void countElements(int count) {
        if (tally != null) {
            tally.elements(count);
        }
    }

    private @Nullable Object counted(@Nullable Object aside) {
        if (tally != null) {
            tally.aside(aside);
        }
        return aside;
    }

    private static Object[] readAll(Unmarshaller from, int count) throws IOException, ClassNotFoundException {
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = from.readObject();
        }
        return values;
    }

    private final class Resolver extends AbstractClassResolver {
        @Override
        protected @Nullable ClassLoader getClassLoader() {
            return loader;
        }

        @Override
        public Class<?> resolveClass(Unmarshaller from, String name, long version)
                throws IOException, ClassNotFoundException {
            if (from.readByte() == 0) {
                return loadClass(name);
            }
            IncomingDefinition definition = definitions().session().get(from.readInt());
            Class<?> type = definition.versioned(with());
            if (!type.getName().equals(name)) {
                throw new CodecException("damaged message: class " + name + " is defined as " + type.getName());
            }
            return type;
        }

        @Override
        protected Class<?> loadClass(String name) throws ClassNotFoundException {
            Class<?> type = admission.find(name, with());
            admitted.add(type);
            return type;
        }

        /** JBoss takes the loader that was given, which may not implement interfaces of others that are not public. */
        @Override
        @SuppressWarnings("deprecation") // the class is wanted, of which there is no object yet
        public Class<?> resolveProxyClass(Unmarshaller from, String[] names) throws ClassNotFoundException {
            Class<?>[] interfaces = new Class<?>[names.length];
            ClassLoader home = with();
            for (int i = 0; i < names.length; i++) {
                interfaces[i] = loadClass(names[i]);
                if (!Modifier.isPublic(interfaces[i].getModifiers())) {
                    home = interfaces[i].getClassLoader();
                }
            }
            return Proxy.getProxyClass(home, interfaces);
        }
    }

    /**
     * Refuses arrays and collections that are together longer than the whole message can fill, objects of classes that are not serializable, and what
     * the filter of the connection refuses; that comes out as the cause of JBoss's exception. JBoss asks before it makes
     * an object, and would call the constructor of any class that is named as an externalizable one.
     */
    private final class Check implements UnmarshallingObjectInputFilter {
        private boolean isEnumMap; // that was asked about last: then it is about all constants of its enum

        @Override
        public Status checkInput(FilterInfo info) {
            int elements = Math.toIntExact(info.getArrayLength());
            Class<?> type = type(info.getUnmarshalledClass(), elements);
            boolean isCounted = elements >= 0 && !isEnumMap;
            isEnumMap = type == EnumMap.class;
            if (type != null && !type.isPrimitive() && !Proxy.isProxyClass(type) && admitted.add(type)) {
                admission.type(type);
            }
            if (type != null && elements < 0 && !isWritten(type)) {
                throw new CodecException(
                        "damaged message: an object of " + type.getName() + ", which is not serializable");
            }
            if (tally != null) {
                tally.object();
                if (elements >= 0) {
                    tally.elements(elements);
                }
            }
            return isCounted && !hasRoom(elements) ? Status.REJECTED : Status.ALLOWED;
        }

        /** River tells the class of the elements, also where it reads the array of a collection. */
        private @Nullable Class<?> type(@Nullable Class<?> told, int elements) {
            return isRiver && told != null && elements >= 0 ? told.arrayType() : told;
        }

        private boolean isWritten(Class<?> type) {
            return type.isPrimitive() || Serializable.class.isAssignableFrom(type);
        }
    }
}
