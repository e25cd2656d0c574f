// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * All of a lambda but the values it captures, and the version of the class in which it was written.
 *
 * <pre>
 * file hash:i64 location:string capturing class:string
 * interface:string its method:string its descriptor:string
 * kind:u8 implementing class:string method:string descriptor:string
 * instantiated descriptor:string captures:u8
 * </pre>
 *
 * The names are those of {@link SerializedLambda}, with slashes. Those that were read are interned: the generated
 * {@code $deserializeLambda$} compares them with constants, which takes no time when they are the same objects.
 *
 * <p><b>Threads:</b> immutable.
 */
final class LambdaShape extends Described {
    final long fileHash;
    final String location;
    final String capturingClass;
    final String functionalClass;
    final String functionalName;
    final String functionalDescriptor;
    final int kind;
    final String implClass;
    final String implName;
    final String implDescriptor;
    final String instantiated;
    final int captures;
    private final boolean lost;

    /**
     * Takes the shape of a lambda.
     *
     * @param form what its {@code writeReplace} gave
     * @param lambda its class
     */
    LambdaShape(SerializedLambda form, Class<?> lambda) {
        this.capturingClass = form.getCapturingClass();
        this.functionalClass = form.getFunctionalInterfaceClass();
        this.functionalName = form.getFunctionalInterfaceMethodName();
        this.functionalDescriptor = form.getFunctionalInterfaceMethodSignature();
        this.kind = form.getImplMethodKind();
        this.implClass = form.getImplClass();
        this.implName = form.getImplMethodName();
        this.implDescriptor = form.getImplMethodSignature();
        this.instantiated = form.getInstantiatedMethodType();
        this.captures = form.getCapturedArgCount();
        Class<?> capturing = capturing(lambda);
        this.fileHash = ClassFile.of(capturing).hash();
        this.location = ClassFile.location(capturing);
        this.lost = implName.startsWith(Accessor.PREFIX) && isLost(form);
    }

    /**
     * Reads what {@link #describe} wrote.
     *
     * @throws CodecException if it is not a shape
     */
    LambdaShape(ByteBuffer from) {
        if (from.remaining() < 8) {
            throw new CodecException("damaged definition of a lambda");
        }
        this.fileHash = from.getLong();
        this.location = FrameOutput.readString(from);
        this.capturingClass = name(from);
        this.functionalClass = name(from);
        this.functionalName = name(from);
        this.functionalDescriptor = name(from);
        this.kind = unsigned(from);
        this.implClass = name(from);
        this.implName = name(from);
        this.implDescriptor = name(from);
        this.instantiated = name(from);
        this.captures = unsigned(from);
        this.lost = false;
    }

    /** What the Eclipse compiler (3.37) writes for {@code super::method} cannot be made again: its own check fails. */
    private static boolean isLost(SerializedLambda form) {
        try {
            return Serialization.resolve(form) == null;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return true;
        }
    }

    /** Whether nobody can make such a lambda from what is sent. */
    boolean isLost() {
        return lost;
    }

    private Class<?> capturing(Class<?> lambda) {
        try {
            return Class.forName(capturingName(), false, lambda.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw Loading.unusable(capturingName(), "", e);
        }
    }

    private static String name(ByteBuffer from) {
        return FrameOutput.readString(from).intern();
    }

    private static int unsigned(ByteBuffer from) {
        if (!from.hasRemaining()) {
            throw new CodecException("damaged definition of a lambda");
        }
        return from.get() & 0xff;
    }

    /** Name of the class in which the lambda was written, with dots. */
    String capturingName() {
        return capturingClass.replace('/', '.');
    }

    @Override
    byte kind() {
        return Tag.D_LAMBDA;
    }

    @Override
    void describe(FrameOutput to) {
        to.putLong(fileHash);
        to.putString(location);
        to.putString(capturingClass);
        to.putString(functionalClass);
        to.putString(functionalName);
        to.putString(functionalDescriptor);
        to.putByte(kind);
        to.putString(implClass);
        to.putString(implName);
        to.putString(implDescriptor);
        to.putString(instantiated);
        to.putByte(captures);
    }

    /**
     * Makes the lambda.
     *
     * @param maker of the class in which it was written
     * @param captured what it captures
     */
    Object build(LambdaMaker maker, Object[] captured) throws Throwable {
        return maker.make(new SerializedLambda(
                maker.capturing,
                functionalClass,
                functionalName,
                functionalDescriptor,
                kind,
                implClass,
                implName,
                implDescriptor,
                instantiated,
                captured));
    }
}
