// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * Writes bodies in the own form (see {@link Tag}), as long as everything in the graph has one.
 *
 * <p>A graph is one thing: if any object in it has no own form, {@link RestNeeded} says so, and the whole graph goes to
 * JBoss Marshalling, so that what was the same object stays the same object.
 *
 * <p>A lambda or a record can be made only after its contents. If these lead back to it, {@link Cycle} says so, and the
 * body begins again with the contents in front, as a prelude: then the object that closes the circle (an array, a list,
 * an object of the user's) is there first, and takes up the lambda when it has been made.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class BodyWriter {
    /** How deep values may be nested; the stack has room for more in any thread of usual size. */
    static final int MAX_DEPTH = 1000;

    /** Objects that cannot travel, of which a message names a few: any may be there more than once. */
    private static final int MOST_LACKING = 10_000;

    /** Replacements that a writer keeps room for. */
    private static final int KEPT = 1024;

    private static final FrameOutput NOWHERE =
            new FrameOutput(16, 16); // takes the place of a frame, while there is none

    private final Outgoing session;
    private final Proxies proxies;
    private final References seen = new References();
    private final References used = new References(); // definitions that were not sent when they were used first
    private final ArrayList<Definition> unsent = new ArrayList<>(); // the same, in their order
    private IdentityHashMap<Object, Object> replacements = new IdentityHashMap<>();
    private FrameOutput out = NOWHERE;
    private @Nullable List<Object> lacking; // takes what cannot travel, while a graph is only looked at
    private int depth;
    private boolean hasPlain; // whether there is an object that JBoss could write as well

    /** Something in the graph has no own form. */
    static final class RestNeeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RestNeeded() {
            super(null, null, false, false);
        }
    }

    /** The contents of an object lead back to it. An error, so that nobody on the way adds to it or mends it. */
    static final class Cycle extends Error {
        private static final long serialVersionUID = 1L;

        final transient Object object;

        Cycle(Object object) {
            super(null, null, false, false);
            this.object = object;
        }
    }

    /** Something cannot travel. An error, so that nobody on the way adds to it or mends it. */
    static final class Unfit extends Error {
        private static final long serialVersionUID = 1L;

        final transient Object object;

        Unfit(Object object) {
            super(null, null, false, false);
            this.object = object;
        }
    }

    /** Something was refused below JBoss. An error, so that JBoss does not add to it, nor print the user's objects. */
    static final class Refused extends Error {
        private static final long serialVersionUID = 1L;

        final CodecException reason;

        Refused(CodecException reason) {
            super(null, reason, false, false);
            this.reason = reason;
        }
    }

    BodyWriter(Outgoing session, Proxies proxies) {
        this.session = session;
        this.proxies = proxies;
    }

    /** Writes a body: the prelude, and the root. */
    void write(@Nullable Object[] prelude, @Nullable Object root, FrameOutput to) {
        out = to;
        if (prelude.length > 0) {
            to.putByte(Tag.PRELUDE);
            to.putSize(prelude.length);
            for (Object value : prelude) {
                write(value);
            }
        }
        write(root);
    }

    /** What an object is written as: always the same for one object, also when the body begins again. */
    Object replaced(Object object) {
        ClassPlan plan = ClassPlan.of(object.getClass());
        if (!plan.isReplaced()) {
            return object;
        }
        Object known = replacements.get(object);
        if (known != null) {
            return known;
        }
        Object replacement = plan.replaced(object);
        Object written = replacement == null || replacement.getClass() == object.getClass()
                ? object // for JBoss to deal with
                : replacement;
        replacements.put(object, written);
        return written;
    }

    /** What must be sent before the body. */
    List<Definition> definitions() {
        return unsent.isEmpty() ? List.of() : List.copyOf(unsent);
    }

    /** The number of a definition, which is from now on part of the body. */
    int use(Described described) {
        Outgoing.Entry entry = session.of(described);
        if (!entry.isSent() && used.find(entry) < 0) {
            used.add(entry);
            unsent.add(entry);
        }
        return entry.id;
    }

    /** What stands for an object; null if it is to be written as it is. */
    byte @Nullable [] standIn(Object object) {
        return proxies.replace(object);
    }

    /** What stands for an array of primitives, if it is large and better leaves the body; else null. */
    byte @Nullable [] standInOfArray(Object array) {
        return PrimitiveArrays.isLarge(array) ? proxies.replace(array) : null;
    }

    /** The body is not sent. */
    void forget() {
        proxies.forget();
    }

    /** From now until {@link #clear} a body is only looked at: what cannot travel is put into a list, and left out. */
    void lookOnly(List<Object> to) {
        lacking = to;
    }

    /**
     * Meets something that cannot travel.
     *
     * @throws Unfit if the body is written to be sent
     */
    void unfit(Object object) {
        List<Object> list = lacking;
        if (list == null) {
            throw new Unfit(object);
        }
        if (list.size() < MOST_LACKING) {
            list.add(object);
        }
    }

    /** Begins again: nothing was written. */
    void restart() {
        seen.clear();
        if (!unsent.isEmpty()) {
            used.clear();
            unsent.clear();
        }
        depth = 0;
        hasPlain = false;
    }

    /** Drops all that refers to the body. */
    void clear() {
        restart();
        lacking = null;
        if (replacements.size() > KEPT) {
            replacements = new IdentityHashMap<>();
        } else if (!replacements.isEmpty()) {
            replacements.clear();
        }
        proxies.clear();
        out = NOWHERE;
    }

    private void write(@Nullable Object value) {
        if (value == null) {
            out.putByte(Tag.NULL);
        } else if (value instanceof String string) {
            if (isNew(value)) {
                out.putByte(Tag.STRING);
                out.putString(string);
            }
        } else if (value instanceof Integer i) {
            Scalars.write((int) i, out);
        } else if (value instanceof Long l) {
            Scalars.write((long) l, out);
        } else {
            ClassPlan plan = ClassPlan.of(value.getClass());
            if (Tag.isContainer(plan.tag)) {
                if (++depth > MAX_DEPTH) {
                    if (hasPlain) {
                        throw new RestNeeded(); // which goes as deep as the stack allows
                    }
                    throw tooDeep();
                }
                writeContainer(value, plan);
                depth--;
            } else {
                writeLeaf(value, plan);
            }
        }
    }

    static CodecException tooDeep() {
        return new CodecException("values are nested too deeply (more than " + MAX_DEPTH
                + " levels, or more than the stack of this thread has room for); send them as a flat list or an array, or give"
                + " threads more room (-Xss)");
    }

    private void writeLeaf(Object value, ClassPlan plan) {
        if (plan.tag == Tag.NONE) {
            leaveOut(value);
        } else if (plan.tag == Tag.ENUM) {
            out.putByte(Tag.ENUM);
            out.putSize(use(plan.constant((Enum<?>) value)));
        } else if (plan.tag == Tag.CLASS) {
            out.putByte(Tag.CLASS);
            out.putSize(use(ClassPlan.of((Class<?>) value).name));
        } else if (plan.tag == Tag.REST) {
            throw new RestNeeded();
        } else if (!Scalars.hasIdentity(plan.tag) || isNew(value)) {
            byte[] stand = Tag.isPrimitives(plan.tag) ? standInOfArray(value) : null;
            if (stand != null) {
                writeStandIn(stand);
            } else {
                Scalars.write(plan.tag, value, out);
            }
        }
    }

    private void leaveOut(Object value) {
        unfit(value);
        out.putByte(Tag.NULL);
    }

    /** Gives an object that was not met before its index; refers to one that was. */
    private boolean isNew(Object value) {
        int index = seen.find(value);
        if (index < 0) {
            seen.add(value);
            return true;
        }
        if (seen.isOpen(value)) {
            throw new Cycle(value);
        }
        out.putByte(Tag.REFERENCE);
        out.putSize(index);
        return false;
    }

    private void writeContainer(Object value, ClassPlan plan) {
        if (!isNew(value)) {
            return;
        }
        switch (plan.tag) {
            case Tag.LAMBDA -> writeLambda(value, plan);
            case Tag.RECORD -> {
                out.putByte(Tag.RECORD);
                out.putSize(use(plan.record()));
                writeContents(value, plan.record().read(value));
            }
            case Tag.PLAIN -> writePlain(value, plan.plain());
            case Tag.PROXY -> {
                byte[] stand = standIn(value);
                if (stand != null) {
                    writeStandIn(stand);
                } else if (value instanceof ByteBuffer buffer) {
                    Buffers.write(buffer, out);
                } else {
                    leaveOut(value); // of other types of buffers, only the engine's own travel
                }
            }
            case Tag.OBJECTS, Tag.STRINGS -> {
                out.putByte(plan.tag);
                writeElements((Object[]) value);
            }
            case Tag.ARRAY -> {
                out.putByte(plan.tag);
                out.putSize(use(plan.name));
                writeElements((Object[]) value);
            }
            case Tag.HASH_MAP -> writeMap((Map<?, ?>) value);
            case Tag.ARRAY_LIST, Tag.HASH_SET, Tag.LINKED_HASH_SET -> writeCollection((Collection<?>) value, plan.tag);
            default -> {
                @Nullable Object[] contents = Contents.of(value, plan);
                out.putByte(Contents.tag(value, plan));
                if (plan.tag != Tag.OPTIONAL) {
                    out.putSize(plan.tag == Tag.MAP_OF ? contents.length / 2 : contents.length);
                }
                writeContents(value, contents);
            }
        }
    }

    private void writeStandIn(byte[] stand) {
        out.putByte(Tag.PROXY);
        out.putByte(stand.length);
        out.put(stand, 0, stand.length);
    }

    private void writeLambda(Object lambda, ClassPlan plan) {
        SerializedLambda form = plan.form(lambda);
        LambdaShape shape = plan.shape(form);
        if (shape.isLost()) {
            leaveOut(lambda);
            return;
        }
        out.putByte(Tag.LAMBDA);
        out.putSize(use(shape));
        if (shape.captures > 0) {
            seen.open(lambda);
            for (int i = 0; i < shape.captures; i++) {
                write(form.getCapturedArg(i));
            }
            seen.close();
        }
    }

    private void writePlain(Object object, @Nullable PlainAccess plain) {
        if (plain == null) {
            throw new IllegalStateException(object.getClass() + " does not travel by its fields");
        }
        hasPlain = true;
        out.putByte(Tag.PLAIN);
        out.putSize(use(plain));
        try {
            for (PlainField field : plain.fields()) {
                if (field.kind == PlainField.OBJECT) {
                    write(field.get(object));
                } else {
                    field.write(object, out);
                }
            }
        } catch (IllegalAccessException e) {
            throw new CodecException("cannot read a " + object.getClass().getName(), e);
        }
    }

    private void writeContents(Object owner, @Nullable Object[] contents) {
        seen.open(owner);
        for (Object value : contents) {
            write(value);
        }
        seen.close();
    }

    private void writeElements(@Nullable Object[] elements) {
        out.putSize(elements.length);
        for (Object element : elements) {
            write(element);
        }
    }

    private void writeCollection(Collection<?> values, byte tag) {
        int size = values.size();
        out.putByte(tag);
        out.putSize(size);
        int written = 0;
        for (Object value : values) {
            write(value);
            written++;
        }
        checkSize(size, written);
    }

    private void writeMap(Map<?, ?> map) {
        int size = map.size();
        out.putByte(Tag.HASH_MAP);
        out.putSize(size);
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            write(entry.getKey());
            write(entry.getValue());
            written++;
        }
        checkSize(size, written);
    }

    private static void checkSize(int size, int written) {
        if (size != written) {
            throw new ConcurrentModificationException();
        }
    }
}
