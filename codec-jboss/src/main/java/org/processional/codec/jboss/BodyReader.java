// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/**
 * Reads bodies in the own form: the counterpart of {@link BodyWriter}.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class BodyReader {
    private static final int FEW = 8;
    private static final int KEPT = 1024;

    private static final Object OPEN = new Object();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0); // while there is no body
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader(); // the same

    private final Incoming session;
    private final Admission admission;
    private final @Nullable Tally tally; // null: nothing is counted
    private final Substitution substitution;
    private @Nullable Object[] objects = new Object[FEW]; // by index; OPEN: not complete
    private int count;
    private int depth;
    private int room; // elements that the body may still have: each takes a byte of its own
    private ByteBuffer from = NOTHING;
    private ClassLoader loader = PLATFORM;

    BodyReader(Incoming session, Substitution substitution) {
        this.session = session;
        this.admission = session.admission();
        this.tally = admission.tally();
        this.substitution = substitution;
    }

    /** Reads a body that is not one of {@link Tag#REST}. */
    @Nullable
    Object read(ByteBuffer body, ClassLoader with) throws Throwable {
        from = body;
        loader = with;
        room = body.remaining();
        if (tally != null) {
            tally.begin(room);
        }
        if (body.hasRemaining() && body.get(body.position()) == Tag.PRELUDE) {
            body.get();
            for (int left = PrimitiveArrays.count(body, 1); left > 0; left--) {
                read();
            }
        }
        return read();
    }

    /** Drops all that refers to the body. */
    void clear() {
        if (objects.length > KEPT) {
            objects = new Object[FEW];
        } else {
            Arrays.fill(objects, 0, count, null);
        }
        count = 0;
        depth = 0;
        from = NOTHING;
        loader = PLATFORM;
    }

    Incoming session() {
        return session;
    }

    @Nullable
    Object proxy(byte[] bytes) {
        return substitution.resolve(bytes);
    }

    private @Nullable Object read() throws Throwable {
        byte tag = from.get();
        if (tally != null && tag != Tag.NULL && tag != Tag.REFERENCE) {
            tally.object(depth + 1);
        }
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.STRING -> keep(FrameOutput.readString(from));
            case Tag.REFERENCE -> reference();
            case Tag.CLASS -> definition().type(loader);
            case Tag.ENUM -> definition().constant(loader);
            case Tag.BUFFER -> {
                admission.form(tag);
                yield keep(counted(Buffers.read(from)));
            }
            default -> Tag.isContainer(tag) ? readNested(tag) : readScalar(tag);
        };
    }

    private Object readScalar(byte tag) {
        if (tag >= Tag.BIG_INTEGER && tag <= Tag.LOCAL_DATE_TIME) {
            admission.form(tag);
        }
        Object scalar = Scalars.read(tag, from);
        if (tally != null && Tag.isPrimitives(tag)) {
            tally.elements(scalar.getClass(), Array.getLength(scalar), depth + 1);
        }
        return Scalars.hasIdentity(tag) ? keep(scalar) : scalar;
    }

    private @Nullable Object readNested(byte tag) throws Throwable {
        if (++depth > BodyWriter.MAX_DEPTH) {
            throw BodyWriter.tooDeep();
        }
        admission.form(tag);
        Object value = readContainer(tag);
        depth--;
        return value;
    }

    private @Nullable Object readContainer(byte tag) throws Throwable {
        return switch (tag) {
            case Tag.LAMBDA -> readLambda();
            case Tag.RECORD -> readRecord();
            case Tag.PLAIN -> readPlain();
            case Tag.PROXY -> readProxy();
            case Tag.OBJECTS -> readElements(new Object[elements(1, Object[].class)]);
            case Tag.STRINGS -> readElements(new String[elements(1, String[].class)]);
            case Tag.ARRAY -> readArray();
            case Tag.ARRAY_LIST -> {
                int size = elements(1);
                yield readCollection(new ArrayList<>(size), size);
            }
            case Tag.HASH_SET -> readCollection(new HashSet<>(), elements(1));
            case Tag.LINKED_HASH_SET -> readCollection(new LinkedHashSet<>(), elements(1));
            case Tag.HASH_MAP -> readMap(elements(2));
            default -> readImmutable(tag);
        };
    }

    private @Nullable Object readLambda() throws Throwable {
        int index = reserve();
        IncomingDefinition definition = definition();
        LambdaShape shape = definition.shape();
        if (shape.captures == 0) {
            return complete(index, definition.lambda(loader));
        }
        LambdaMaker maker = definition.maker(loader); // first: of a lambda that is refused nothing is read
        Object[] captured = new Object[shape.captures];
        readInto(captured);
        return complete(index, shape.build(maker, captured));
    }

    private @Nullable Object readRecord() throws Throwable {
        int index = reserve();
        RecordAccess access = definition().record(loader);
        @Nullable Object[] values = new Object[access.size()];
        readInto(values);
        return complete(index, access.create(values));
    }

    private Object readPlain() throws Throwable {
        PlainForm form = definition().plain(loader);
        Object object = keep(form.create());
        for (int i = 0; i < form.size(); i++) {
            if (form.isObject(i)) {
                form.set(i, object, read());
            } else {
                form.readPrimitive(i, object, from);
            }
        }
        return object;
    }

    private @Nullable Object readProxy() {
        int index = reserve();
        byte[] bytes = new byte[from.get() & 0xff];
        from.get(bytes);
        Object object = proxy(bytes);
        if (tally != null) {
            tally.aside(object, depth);
        }
        return complete(index, object);
    }

    private ByteBuffer counted(ByteBuffer buffer) {
        if (tally != null) {
            tally.elements(null, buffer.capacity(), depth + 1);
        }
        return buffer;
    }

    private Object readArray() throws Throwable {
        Class<?> type = definition().type(loader);
        if (!type.isArray() || type.getComponentType().isPrimitive()) {
            throw new CodecException("damaged message: " + type.getName() + " in place of an array of objects");
        }
        return readElements((Object[]) Array.newInstance(type.getComponentType(), elements(1, type)));
    }

    private Object readElements(@Nullable Object[] array) throws Throwable {
        keep(array);
        readInto(array);
        return array;
    }

    private Object readCollection(Collection<@Nullable Object> collection, int size) throws Throwable {
        keep(collection);
        for (int i = 0; i < size; i++) {
            collection.add(read());
        }
        return collection;
    }

    private Object readMap(int size) throws Throwable {
        Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
        keep(map);
        for (int i = 0; i < size; i++) {
            Object key = read();
            map.put(key, read());
        }
        return map;
    }

    private @Nullable Object readImmutable(byte tag) throws Throwable {
        int index = reserve();
        @Nullable Object[] contents;
        switch (tag) {
            case Tag.OPTIONAL -> contents = new Object[1];
            case Tag.MAP_OF -> contents = new Object[2 * elements(2)];
            default -> contents = new Object[elements(1)];
        }
        readInto(contents);
        return complete(index, Contents.make(tag, contents));
    }

    /**
     * Reads a number of elements.
     *
     * @param values how many values each of them is
     */
    private int elements(int values) {
        return elements(values, null);
    }

    /** The same for elements of an array. */
    private int elements(int values, @Nullable Class<?> array) {
        int count = PrimitiveArrays.count(from, values);
        room -= count * values;
        if (room < 0) {
            throw new CodecException("damaged message: it has more elements than bytes");
        }
        if (tally != null) {
            tally.elements(array, count, depth);
        }
        return count;
    }

    private void readInto(@Nullable Object[] array) throws Throwable {
        for (int i = 0; i < array.length; i++) {
            array[i] = read();
        }
    }

    private IncomingDefinition definition() {
        return session.get(FrameOutput.readSize(from));
    }

    private @Nullable Object reference() {
        int index = FrameOutput.readSize(from);
        Object object = index < count ? objects[index] : OPEN;
        if (object == OPEN) {
            throw new CodecException("damaged message: it refers to object " + index + ", which is not there yet");
        }
        return object;
    }

    private Object keep(Object object) {
        int index = reserve(); // first: it may replace the array
        objects[index] = object;
        return object;
    }

    private int reserve() {
        if (count == objects.length) {
            objects = Arrays.copyOf(objects, 2 * count);
        }
        objects[count] = OPEN;
        return count++;
    }

    private @Nullable Object complete(int index, @Nullable Object object) {
        objects[index] = object;
        return object;
    }
}
