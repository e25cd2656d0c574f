// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.ObjectStreamField;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * Reads the components of records whose package is closed to us.
 *
 * <p>Java serialization may read them. It hands each object to {@code replaceObject}, which keeps it and puts a token
 * (a string of our own) in its place; what the stream then says is where each of them belongs:
 *
 * <pre>
 * TC_OBJECT and class descriptor | primitives by name | for each object component, by name:
 *     TC_NULL | TC_STRING length:u16 token, the next object | TC_REFERENCE handle:i32, an object met before
 * </pre>
 *
 * <p>A component whose class replaces itself ({@code writeReplace}: lambdas, {@code List.of}) arrives replaced, and is
 * brought back by its {@code readResolve}: the same value, but a new object. What else refers to the old one in the same
 * graph refers to another one at the receiver.
 * Classes never pass {@code replaceObject}; a record that holds one is refused.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class RecordStream {
    private final Class<?> type;
    private final ObjectStreamField[] fields; // in the order of the stream: primitives, then objects, each by name
    private final int[] components; // the index of the component of each field
    private final int primitives; // how many fields are primitive
    private final Bytes bytes = new Bytes();
    private final Stream stream;
    private final int head; // length of what stands before the primitives
    private final int firstHandle; // handle of the first token
    private final String[] tokens;
    private @Nullable Object[] found; // the objects of the record that is being read
    private int count; // tokens given out
    private int next; // tokens met again
    private @Nullable Object record;

    RecordStream(Class<?> type, RecordComponent[] declared) {
        this.type = type;
        this.fields = ObjectStreamClass.lookupAny(type).getFields();
        this.components = new int[fields.length];
        this.tokens = new String[fields.length];
        int primitive = 0;
        for (int i = 0; i < fields.length; i++) {
            components[i] = indexOf(declared, fields[i].getName());
            tokens[i] = String.valueOf((char) ('a' + i));
            primitive += fields[i].isPrimitive() ? 1 : 0;
        }
        this.primitives = primitive;
        this.found = new Object[fields.length - primitive];
        try {
            this.stream = new Stream(bytes);
            restart();
            stream.writeObject(type); // as long as the head of a record
            stream.flush();
            this.head = bytes.size();
            stream.writeObject(type); // a reference to the class, which took the handle that a record takes
            stream.flush();
            this.firstHandle =
                    ByteBuffer.wrap(bytes.array(), bytes.size() - 4, 4).getInt() + 1;
            restart();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static int indexOf(RecordComponent[] components, String name) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(name)) {
                return i;
            }
        }
        throw new CodecException("the record component " + name + " is not there"); // not for a class of javac's
    }

    private CodecException failed(IOException e) {
        return new CodecException("cannot read the record " + type.getName() + ": " + e, e);
    }

    /** Forgets the record before: its objects are in the tables of the stream. */
    private void restart() throws IOException {
        stream.reset();
        stream.flush();
        bytes.reset();
    }

    /** The components of a record, in their order. */
    @Nullable
    Object[] read(Object from) {
        record = from;
        count = 0;
        next = 0;
        try {
            stream.writeUnshared(from);
            stream.flush();
            @Nullable Object[] values = new Object[fields.length];
            place(ByteBuffer.wrap(bytes.array(), head, bytes.size() - head), values);
            restart();
            return values;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            record = null;
            Arrays.fill(found, null);
        }
    }

    private void place(ByteBuffer from, @Nullable Object[] values) {
        for (int i = 0; i < fields.length; i++) {
            values[components[i]] = i < primitives
                    ? primitive(fields[i].getTypeCode(), from)
                    : restored(fields[i].getType(), object(from));
        }
        if (from.hasRemaining()) {
            throw holdsClass();
        }
    }

    private @Nullable Object object(ByteBuffer from) {
        return switch (from.get()) {
            case ObjectStreamConstants.TC_NULL -> null;
            case ObjectStreamConstants.TC_STRING -> {
                int length = from.getShort();
                from.position(from.position() + length);
                yield found[next++];
            }
            case ObjectStreamConstants.TC_REFERENCE -> {
                int handle = from.getInt();
                yield handle >= firstHandle ? found[handle - firstHandle] : typeString(handle);
            }
            default -> throw holdsClass();
        };
    }

    /** A component that is the very string which names a field's type in the class descriptor. */
    private String typeString(int handle) {
        int at = ObjectStreamConstants.baseWireHandle;
        for (int i = primitives; i < fields.length; i++) {
            boolean again = false;
            for (int j = primitives; j < i; j++) {
                again |= fields[j].getTypeString().equals(fields[i].getTypeString());
            }
            if (!again && ++at == handle) {
                return fields[i].getTypeString();
            }
        }
        throw holdsClass();
    }

    private CodecException holdsClass() {
        return new CodecException("the record " + type.getName() + " holds a Class, and its package is closed: open "
                + type.getPackageName()
                + " to org.processional.codec.jboss, or keep the name of the class in the record");
    }

    private static @Nullable Object restored(Class<?> declared, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        ClassPlan plan = ClassPlan.of(value.getClass());
        if (plan.tag != Tag.REST || declared.isInstance(value) && !isReplacement(value.getClass())) {
            return value;
        }
        MethodHandle resolve = Serialization.readResolve(value.getClass());
        if (resolve == null) {
            return value;
        }
        try {
            return (Object) resolve.invokeExact(value);
        } catch (Throwable e) {
            throw new CodecException("cannot bring back a " + value.getClass().getName() + ": " + e, e);
        }
    }

    /** Whether a class exists in streams only: then it is a replacement also where an Object is declared. */
    private static boolean isReplacement(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.invoke.SerializedLambda", "java.util.CollSer", "java.time.Ser" -> true;
            default -> false;
        };
    }

    private static Object primitive(char code, ByteBuffer from) {
        return switch (code) {
            case 'I' -> from.getInt();
            case 'J' -> from.getLong();
            case 'D' -> from.getDouble();
            case 'Z' -> from.get() != 0;
            case 'B' -> from.get();
            case 'S' -> from.getShort();
            case 'C' -> from.getChar();
            default -> from.getFloat();
        };
    }

    /** Bytes that can be looked at without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }

    private final class Stream extends ObjectOutputStream {
        Stream(Bytes to) throws IOException {
            super(to);
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(@Nullable Object value) {
            if (value == record) {
                return value;
            }
            if (count == found.length) {
                throw holdsClass();
            }
            found[count] = value;
            return tokens[count++];
        }

        @Override
        protected void annotateClass(Class<?> described) {
            if (described != type) {
                throw holdsClass();
            }
        }
    }
}
