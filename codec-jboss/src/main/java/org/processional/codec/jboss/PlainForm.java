// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * The fields that the sender's version of a plain class has, and those of the class here that take them. As in Java
 * serialization, what only the sender has is dropped, and what only this end has stays empty.
 *
 * <p><b>Threads:</b> immutable.
 */
final class PlainForm {
    private final PlainAccess here;
    private final char[] kinds; // of the fields of the sender, in the order of the body
    private final @Nullable PlainField[] targets;

    private PlainForm(PlainAccess here, char[] kinds, @Nullable PlainField[] targets) {
        this.here = here;
        this.kinds = kinds;
        this.targets = targets;
    }

    /**
     * Reads what {@link PlainAccess#describe} wrote.
     *
     * @throws CodecException if the bytes are damaged, or the class is another one here
     */
    static PlainForm read(ByteBuffer from, Admission admission, ClassLoader loader) {
        int levels = PrimitiveArrays.count(from, 1);
        if (levels == 0) {
            throw new CodecException("damaged definition: a class without a name");
        }
        PlainAccess here = null;
        StringBuilder kinds = new StringBuilder();
        List<@Nullable PlainField> targets = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            IncomingDefinition.Versioned level = IncomingDefinition.readVersioned(from, admission, loader);
            here = here == null ? access(level) : here;
            StringBuilder kindsThere = new StringBuilder();
            List<@Nullable PlainField> targetsHere = new ArrayList<>();
            readFields(from, here.fieldsOf(level.type()), level, kindsThere, targetsHere);
            kinds.insert(0, kindsThere); // the values of a superclass come before those of its subclasses
            targets.addAll(0, targetsHere);
        }
        if (here == null) {
            throw new IllegalStateException("no level");
        }
        return here.known(new PlainForm(here, kinds.toString().toCharArray(), targets.toArray(new PlainField[0])));
    }

    private static PlainAccess access(IncomingDefinition.Versioned from) {
        PlainAccess plain = ClassPlan.of(from.type()).plain();
        if (plain == null) {
            throw PlainAccess.notHere(from.type(), from.there());
        }
        return plain;
    }

    private static void readFields(
            ByteBuffer from,
            List<PlainField> fields,
            IncomingDefinition.Versioned level,
            StringBuilder kinds,
            List<@Nullable PlainField> targets) {
        for (int left = PrimitiveArrays.count(from, 2); left > 0; left--) {
            char kind = (char) (from.get() & 0xff);
            String name = FrameOutput.readString(from);
            PlainField target = null;
            for (PlainField field : fields) {
                target = field.name.equals(name) ? field : target;
            }
            if (kind != PlainField.OBJECT) {
                PlainField.width(kind); // which knows all kinds
            }
            if (target != null && target.kind != kind) {
                throw new CodecException("the field " + level.type().getName() + "." + name
                        + " has another type at the two ends: the sender's class is from " + level.there()
                        + ", here it is a " + target.type.getTypeName() + ", from " + ClassFile.location(level.type())
                        + "; " + Loading.SAME_VERSION);
            }
            kinds.append(kind);
            targets.add(target);
        }
    }

    boolean isSame(PlainForm other) {
        return Arrays.equals(kinds, other.kinds) && Arrays.equals(targets, other.targets);
    }

    /** An object whose fields are not set. */
    Object create() throws Throwable {
        return here.create();
    }

    /** Number of fields in a body. */
    int size() {
        return kinds.length;
    }

    boolean isObject(int index) {
        return kinds[index] == PlainField.OBJECT;
    }

    /** Reads a primitive field. */
    void readPrimitive(int index, Object to, ByteBuffer from) throws IllegalAccessException {
        PlainField target = targets[index];
        if (target != null) {
            target.read(to, from);
        } else {
            from.position(checked(from, PlainField.width(kinds[index])));
        }
    }

    private static int checked(ByteBuffer from, int width) {
        if (from.remaining() < width) {
            throw new java.nio.BufferUnderflowException();
        }
        return from.position() + width;
    }

    /** Sets a field that holds an object. */
    void set(int index, Object to, @Nullable Object value) throws IllegalAccessException {
        PlainField target = targets[index];
        if (target != null) {
            target.set(to, value);
        }
    }
}
