// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandleInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in a class file, as far as messages about lambdas need it: the methods with their code, lines and variables,
 * and the constants that the code names. A class that was compiled without debug information has less to say.
 *
 * <p><b>Threads:</b> immutable once read.
 */
final class ClassContent {
    /** Nothing is known: there is no file, or a strange one. */
    private static final ClassContent UNKNOWN = new ClassContent();

    // tags of the constant pool, JVMS 4.4
    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int FLOAT = 4;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    private static final int STATIC = 0x0008; // access flag of a method

    private final @Nullable String[] texts; // by index: of UTF8 constants
    private final int[] first; // by index: what a constant refers to, or its kind
    private final int[] second;
    private final List<Method> methods = new ArrayList<>();
    private int[][] bootstraps = new int[0][];
    private String name = "";
    private @Nullable String file;

    /** A field or method that code names. */
    record Member(String owner, String name, String descriptor) {}

    /**
     * What an {@code invokedynamic} links.
     *
     * @param descriptor its own types
     * @param implementation the method that the lambda is made of; null if it makes no lambda
     * @param toStatic whether that method takes no object of its own: it is static, or a constructor
     */
    record Dynamic(String descriptor, @Nullable Member implementation, boolean toStatic) {}

    /** A variable of the source, while it is in a slot. */
    record Local(int start, int length, String name, int slot) {}

    /** A method; without code if it is abstract. */
    static final class Method {
        final String name;
        final String descriptor;
        final boolean isStatic;
        int maxLocals;
        byte[] code = {};
        int[] handlers = {}; // where exceptions are caught
        int[] lines = {}; // start and line in turn
        final List<Local> locals = new ArrayList<>();

        Method(String name, String descriptor, boolean isStatic) {
            this.name = name;
            this.descriptor = descriptor;
            this.isStatic = isStatic;
        }

        /** Line of the instruction at an offset, or 0. */
        int line(int offset) {
            int line = 0;
            int best = -1;
            for (int i = 0; i < lines.length; i += 2) {
                if (lines[i] <= offset && lines[i] > best) {
                    best = lines[i];
                    line = lines[i + 1];
                }
            }
            return line;
        }

        /** Name of the variable that is in a slot when an instruction runs. */
        @Nullable
        String local(int slot, int offset) {
            for (Local local : locals) {
                if (local.slot == slot && offset >= local.start && offset < local.start + local.length) {
                    return local.name;
                }
            }
            return null;
        }
    }

    private ClassContent() {
        texts = new String[0];
        first = new int[0];
        second = new int[0];
    }

    private ClassContent(DataInputStream in) throws IOException {
        in.readInt();
        in.readInt();
        int count = in.readUnsignedShort();
        texts = new String[count];
        first = new int[count];
        second = new int[count];
        readConstants(in);
        in.readUnsignedShort();
        name = className(in.readUnsignedShort());
        in.readUnsignedShort();
        in.skipNBytes(2L * in.readUnsignedShort());
        readMembers(in, false);
        readMembers(in, true);
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            readAttribute(in);
        }
    }

    /** What is known without a file: nothing. */
    static ClassContent unknown() {
        return UNKNOWN;
    }

    /** Reads the file of a class; if it is missing or strange, nothing is known. */
    static ClassContent of(Class<?> type) {
        return of(ClassFile.read(type));
    }

    /** Reads the bytes of a class file; if they are strange, nothing is known. */
    static ClassContent of(byte[] bytes) {
        if (bytes.length == 0) {
            return UNKNOWN;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new ClassContent(in);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN; // a message with fewer names is better than none
        }
    }

    /** Name of the class, with slashes; empty if nothing is known. */
    String name() {
        return name;
    }

    /** Name of the source file, without folder. */
    @Nullable
    String file() {
        return file;
    }

    List<Method> methods() {
        return methods;
    }

    @Nullable
    Method method(String name, String descriptor) {
        for (Method method : methods) {
            if (method.name.equals(name) && method.descriptor.equals(descriptor)) {
                return method;
            }
        }
        return null;
    }

    /** The field or method of a constant. */
    Member member(int index) {
        int type = second[index];
        return new Member(className(first[index]), text(first[type]), text(second[type]));
    }

    /** What an {@code invokedynamic} links. */
    Dynamic dynamic(int index) {
        String descriptor = text(second[second[index]]);
        int[] bootstrap = bootstraps[first[index]];
        Member factory = member(second[bootstrap[0]]);
        if (!factory.owner.equals("java/lang/invoke/LambdaMetafactory") || bootstrap.length < 3) {
            return new Dynamic(descriptor, null, false);
        }
        int handle = bootstrap[2]; // after the factory and the types of the method of the interface
        int kind = first[handle];
        boolean toStatic = kind == MethodHandleInfo.REF_invokeStatic || kind == MethodHandleInfo.REF_newInvokeSpecial;
        return new Dynamic(descriptor, member(second[handle]), toStatic);
    }

    private String className(int index) {
        return text(first[index]);
    }

    private String text(int index) {
        String text = texts[index];
        if (text == null) {
            throw new IllegalArgumentException("constant " + index + " is no text");
        }
        return text;
    }

    private void readConstants(DataInputStream in) throws IOException {
        for (int i = 1; i < texts.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8 -> texts[i] = in.readUTF();
                case LONG, DOUBLE -> {
                    in.readLong();
                    i++; // takes two places
                }
                case INTEGER, FLOAT -> in.readInt();
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> first[i] = in.readUnsignedShort();
                case METHOD_HANDLE -> {
                    first[i] = in.readUnsignedByte();
                    second[i] = in.readUnsignedShort();
                }
                default -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
            }
        }
    }

    private void readMembers(DataInputStream in, boolean keep) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            boolean isStatic = (in.readUnsignedShort() & STATIC) != 0;
            Method method = new Method(nextText(in), nextText(in), isStatic);
            for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
                String attribute = nextText(in);
                int length = in.readInt();
                if (keep && attribute.equals("Code")) {
                    readCode(in, method);
                } else {
                    in.skipNBytes(length);
                }
            }
            if (keep) {
                methods.add(method);
            }
        }
    }

    private void readAttribute(DataInputStream in) throws IOException {
        String attribute = nextText(in);
        int length = in.readInt();
        switch (attribute) {
            case "SourceFile" -> file = nextText(in);
            case "BootstrapMethods" -> {
                bootstraps = new int[in.readUnsignedShort()][];
                for (int i = 0; i < bootstraps.length; i++) {
                    int factory = in.readUnsignedShort();
                    bootstraps[i] = new int[1 + in.readUnsignedShort()];
                    bootstraps[i][0] = factory;
                    for (int k = 1; k < bootstraps[i].length; k++) {
                        bootstraps[i][k] = in.readUnsignedShort();
                    }
                }
            }
            default -> in.skipNBytes(length);
        }
    }

    private void readCode(DataInputStream in, Method method) throws IOException {
        in.readUnsignedShort();
        method.maxLocals = in.readUnsignedShort();
        method.code = in.readNBytes(in.readInt());
        method.handlers = new int[in.readUnsignedShort()];
        for (int i = 0; i < method.handlers.length; i++) {
            in.readInt();
            method.handlers[i] = in.readUnsignedShort();
            in.readUnsignedShort();
        }
        for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
            String attribute = nextText(in);
            int length = in.readInt();
            if (attribute.equals("LineNumberTable")) {
                method.lines = new int[2 * in.readUnsignedShort()];
                for (int i = 0; i < method.lines.length; i++) {
                    method.lines[i] = in.readUnsignedShort();
                }
            } else if (attribute.equals("LocalVariableTable")) {
                readLocals(in, method);
            } else {
                in.skipNBytes(length);
            }
        }
    }

    private void readLocals(DataInputStream in, Method method) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int start = in.readUnsignedShort();
            int length = in.readUnsignedShort();
            String variable = nextText(in);
            in.readUnsignedShort();
            method.locals.add(new Local(start, length, variable, in.readUnsignedShort()));
        }
    }

    private String nextText(DataInputStream in) throws IOException {
        return text(in.readUnsignedShort());
    }
}
