// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a class file says about the source of one of its methods: file, first line, names of parameters. For error
 * messages; a class that was compiled without debug information has less to say.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class MethodSource {
    // tags of the constant pool, JVMS 4.4
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    private final Object[] constants; // strings and numbers of the constant pool, by index
    private @Nullable String file;
    private int line;
    private final @Nullable String[] locals = new String[256]; // by slot, those that live from the first instruction

    private MethodSource(Object[] constants) {
        this.constants = constants;
    }

    /**
     * Reads about a method.
     *
     * @param type the class
     * @param name the method
     * @param descriptor its types
     * @return what is known; nothing more than that if the file is missing or strange
     */
    static MethodSource of(Class<?> type, String name, String descriptor) {
        byte[] bytes = ClassFile.read(type);
        MethodSource source = new MethodSource(new Object[0]);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            source = new MethodSource(readConstants(in));
            source.readClass(in, name, descriptor);
        } catch (IOException | RuntimeException e) {
            return source; // a message with fewer names is better than none
        }
        return source;
    }

    /** Name of the source file, without folder. */
    @Nullable
    String file() {
        return file;
    }

    /** First line, or 0. */
    int line() {
        return line;
    }

    /** Name of the parameter or variable that begins in a slot. */
    @Nullable
    String local(int slot) {
        return slot < locals.length ? locals[slot] : null;
    }

    private static Object[] readConstants(DataInputStream in) throws IOException {
        in.readInt();
        in.readInt();
        Object[] constants = new Object[in.readUnsignedShort()];
        for (int i = 1; i < constants.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8 -> constants[i] = in.readUTF();
                case LONG, DOUBLE -> {
                    in.readLong();
                    i++; // takes two places
                }
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> in.readUnsignedShort();
                case METHOD_HANDLE -> in.skipNBytes(3);
                default -> in.readInt(); // pairs of references, and numbers
            }
        }
        return constants;
    }

    private void readClass(DataInputStream in, String name, String descriptor) throws IOException {
        in.readUnsignedShort();
        in.readUnsignedShort();
        in.readUnsignedShort();
        in.skipNBytes(2L * in.readUnsignedShort());
        readMembers(in, "", "");
        readMembers(in, name, descriptor);
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            String attribute = text(in);
            int length = in.readInt();
            if (attribute.equals("SourceFile")) {
                file = text(in);
            } else {
                in.skipNBytes(length);
            }
        }
    }

    private void readMembers(DataInputStream in, String name, String descriptor) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.readUnsignedShort();
            String member = text(in);
            String types = text(in);
            boolean wanted = member.equals(name) && types.equals(descriptor);
            for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
                String attribute = text(in);
                int length = in.readInt();
                if (wanted && attribute.equals("Code")) {
                    readCode(in);
                } else {
                    in.skipNBytes(length);
                }
            }
        }
    }

    private void readCode(DataInputStream in) throws IOException {
        in.readInt();
        in.skipNBytes(in.readInt());
        in.skipNBytes(8L * in.readUnsignedShort());
        for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
            String attribute = text(in);
            int length = in.readInt();
            if (attribute.equals("LineNumberTable")) {
                readLines(in);
            } else if (attribute.equals("LocalVariableTable")) {
                readLocals(in);
            } else {
                in.skipNBytes(length);
            }
        }
    }

    private void readLines(DataInputStream in) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int start = in.readUnsignedShort();
            int number = in.readUnsignedShort();
            if (start == 0 || line == 0) {
                line = number;
            }
        }
    }

    private void readLocals(DataInputStream in) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int start = in.readUnsignedShort();
            in.readUnsignedShort();
            String name = text(in);
            in.readUnsignedShort();
            int slot = in.readUnsignedShort();
            if (start == 0 && slot < locals.length) {
                locals[slot] = name;
            }
        }
    }

    private String text(DataInputStream in) throws IOException {
        return (String) constants[in.readUnsignedShort()];
    }
}
