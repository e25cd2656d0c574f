// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * A definition of the other end, and what it stands for with each class loader it was used with.
 *
 * <p>Classes, and what belongs to them, are held weakly: a connection keeps no class loader alive.
 *
 * <p><b>Threads:</b> from any thread. Two threads may find out the same thing at once; either result serves.
 */
final class IncomingDefinition {
    /** Beyond so many loaders the older ones are looked up again. */
    static final int MAX_LOADERS = 8;

    private static final Object[] NO_CAPTURES = {};

    private final byte kind;
    private final byte[] payload;
    private final Admission admission; // asked when something is found out; what is known was admitted
    private volatile @Nullable LambdaShape shape; // read from the payload at first use
    private volatile @Nullable Resolved first; // a list of immutable links, newest first

    private static final class Resolved {
        final WeakReference<ClassLoader> loader;
        final WeakReference<Object> value; // class, constant, lambda, maker or form, all held by their class
        final @Nullable Resolved next;
        final int length;

        Resolved(ClassLoader loader, Object value, @Nullable Resolved next) {
            this.loader = new WeakReference<>(loader);
            this.value = new WeakReference<>(value);
            this.next = next != null && next.length < MAX_LOADERS ? next : null;
            this.length = this.next == null ? 1 : this.next.length + 1;
        }
    }

    IncomingDefinition(byte kind, byte[] payload, Admission admission) {
        this.kind = kind;
        this.payload = payload;
        this.admission = admission;
    }

    /** The class that the definition names. */
    Class<?> type(ClassLoader loader) {
        check(Tag.D_CLASS);
        Object known = known(loader);
        if (known != null) {
            return (Class<?>) known;
        }
        ByteBuffer from = bytes();
        String name = text(from);
        return (Class<?>) keep(loader, admission.load(name, text(from), loader));
    }

    /** The class that the definition names, which has the same version here. */
    Class<?> versioned(ClassLoader loader) {
        check(Tag.D_VERSION);
        Object known = known(loader);
        if (known != null) {
            return (Class<?>) known;
        }
        return (Class<?>) keep(loader, readVersioned(bytes(), admission, loader).type());
    }

    /**
     * Reads the name, the version and the place of a class.
     *
     * @return the class, which has the same version here
     */
    static Versioned readVersioned(ByteBuffer from, Admission admission, ClassLoader loader) {
        String name = text(from);
        if (from.remaining() < 8) {
            throw new CodecException("damaged definition of class " + name);
        }
        long version = from.getLong();
        String there = text(from);
        Class<?> type = admission.load(name, there, loader);
        long here = Serialization.version(type);
        if (version != 0 && !Serializable.class.isAssignableFrom(type)) {
            throw new CodecException("class " + name + " is Serializable at the sender's, from " + there
                    + ", and not here, from " + ClassFile.location(type) + "; " + Loading.SAME_VERSION);
        }
        if (here != version) {
            throw new CodecException("class " + name + " has another serialVersionUID at the two ends: " + version
                    + "L at the sender's, from " + there + ", and " + here + "L here, from "
                    + ClassFile.location(type) + "; " + Loading.SAME_VERSION
                    + ", or declare the same serialVersionUID in both if each can read what the other writes");
        }
        return new Versioned(type, there);
    }

    /**
     * A class that has the same version at both ends.
     *
     * @param there where the sender has it from
     */
    record Versioned(Class<?> type, String there) {}

    /** How the fields that the definition names are read here. */
    PlainForm plain(ClassLoader loader) {
        check(Tag.D_PLAIN);
        Object known = known(loader);
        return known != null ? (PlainForm) known : (PlainForm) keep(loader, PlainForm.read(bytes(), admission, loader));
    }

    /** The constant that the definition names. */
    Object constant(ClassLoader loader) {
        check(Tag.D_ENUM);
        Object known = known(loader);
        if (known != null) {
            return known;
        }
        ByteBuffer from = bytes();
        String type = text(from);
        String name = text(from);
        String there = text(from);
        Class<?> declaring = admission.load(type, there, loader);
        Object[] constants = declaring.getEnumConstants();
        for (int i = 0; constants != null && i < constants.length; i++) {
            if (((Enum<?>) constants[i]).name().equals(name)) {
                return keep(loader, constants[i]);
            }
        }
        throw new CodecException((constants == null
                        ? "class " + type + " is an enum at the sender's, with constant " + name + ", and none here"
                        : "the enum " + type + " has no constant " + name + " here")
                + ": the sender's is from " + there + ", the one here from " + ClassFile.location(declaring) + "; "
                + Loading.SAME_VERSION);
    }

    /** The record class that the definition names, which has the same components here. */
    RecordAccess record(ClassLoader loader) {
        check(Tag.D_RECORD);
        Object known = known(loader);
        Class<?> type = known != null ? (Class<?>) known : (Class<?>) keep(loader, checkedRecord(loader));
        return ClassPlan.of(type).record();
    }

    private Class<?> checkedRecord(ClassLoader loader) {
        ByteBuffer from = bytes();
        String name = text(from);
        String[] names = new String[2 * PrimitiveArrays.count(from, 2)];
        for (int i = 0; i < names.length; i++) {
            names[i] = text(from);
        }
        String there = text(from);
        Class<?> type = admission.load(name, there, loader);
        ClassPlan plan = ClassPlan.of(type);
        if (plan.tag != Tag.RECORD) {
            throw new CodecException("class " + name + " is a record at the sender's and travels as one, and does not"
                    + " here: the sender's is from " + there + ", the one here from " + ClassFile.location(type) + "; "
                    + Loading.SAME_VERSION);
        }
        plan.record().check(names, there);
        return type;
    }

    /** The shape of lambdas that the definition describes. */
    LambdaShape shape() {
        check(Tag.D_LAMBDA);
        LambdaShape known = shape;
        if (known == null) {
            known = new LambdaShape(bytes());
            shape = known;
        }
        return known;
    }

    /** The lambda, which captures nothing: a place in the source has one. */
    Object lambda(ClassLoader loader) throws Throwable {
        LambdaShape form = shape();
        Object known = known(loader);
        return known != null ? known : keep(loader, form.build(newMaker(form, loader), NO_CAPTURES));
    }

    /**
     * What makes lambdas that capture something. It is asked for before what they capture is read, so that nothing is read
     * of a lambda that is refused.
     */
    LambdaMaker maker(ClassLoader loader) {
        LambdaShape form = shape();
        Object known = known(loader);
        return (LambdaMaker) (known != null ? known : keep(loader, newMaker(form, loader)));
    }

    private LambdaMaker newMaker(LambdaShape shape, ClassLoader loader) {
        Class<?> capturing = admission.loadOfLambda(shape.capturingName(), shape.location, loader);
        ClassFile here = ClassFile.of(capturing);
        if (shape.fileHash != ClassFile.UNKNOWN && here.hash() != ClassFile.UNKNOWN && shape.fileHash != here.hash()) {
            throw new CodecException("class " + capturing.getName() + ", which has the lambda, differs between the two"
                    + " ends: the sender's is from " + shape.location + ", the one here from "
                    + ClassFile.location(capturing) + "; " + Loading.SAME_VERSION);
        }
        return LambdaMaker.of(capturing);
    }

    private @Nullable Object known(ClassLoader loader) {
        for (Resolved link = first; link != null; link = link.next) {
            if (link.loader.refersTo(loader)) {
                return link.value.get();
            }
        }
        return null;
    }

    private Object keep(ClassLoader loader, Object value) {
        first = new Resolved(loader, value, first);
        return value;
    }

    private void check(byte expected) {
        if (kind != expected) {
            throw new CodecException(
                    "damaged message: a definition of kind " + kind + " in place of one of kind " + expected);
        }
    }

    private ByteBuffer bytes() {
        return ByteBuffer.wrap(payload);
    }

    private static String text(ByteBuffer from) {
        return FrameOutput.readString(from);
    }
}
