// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a class file which classes it names: its superclass and interfaces, nest mates, permitted subclasses, the
 * classes that its code uses, and those in the descriptors of its fields, methods and calls. Not those of generic
 * signatures and annotations, which a JVM does not load.
 *
 * <p><b>Threads:</b> confined to a call.
 */
final class ClassReferences {
    private static final int MAGIC = 0xCAFEBABE;

    private final DataInputStream in;
    private final Set<String> names = new LinkedHashSet<>();
    private @Nullable String[] strings = new String[0];

    private ClassReferences(byte[] classFile) {
        in = new DataInputStream(new ByteArrayInputStream(classFile));
    }

    /** The names as in class files, such as {@code com/acme/Job$1}; none if it is no class file. */
    static Set<String> of(byte[] classFile) {
        ClassReferences references = new ClassReferences(classFile);
        try {
            references.read();
        } catch (IOException | ArrayIndexOutOfBoundsException e) {
            return Set.of(); // damaged: who defines it will say so
        }
        return references.names;
    }

    private void read() throws IOException {
        if (in.readInt() != MAGIC) {
            return;
        }
        in.readInt(); // version
        readPool();
        in.readUnsignedShort(); // access
        in.readInt(); // this and super, which are in the pool
        in.skipNBytes(2L * in.readUnsignedShort());
        readMembers(); // fields
        readMembers(); // methods
    }

    private void readPool() throws IOException {
        int count = in.readUnsignedShort();
        strings = new String[count];
        boolean[] isClass = new boolean[count];
        boolean[] isDescriptor = new boolean[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> strings[i] = in.readUTF();
                case 3, 4, 9, 10, 11, 17, 18 -> in.readInt(); // numbers, members, dynamic
                case 5, 6 -> { // long and double take two places
                    in.readLong();
                    i++;
                }
                case 7 -> isClass[in.readUnsignedShort()] = true;
                case 8, 19, 20 -> in.readUnsignedShort(); // string, module, package
                case 12 -> { // name and type
                    in.readUnsignedShort();
                    isDescriptor[in.readUnsignedShort()] = true;
                }
                case 15 -> in.skipNBytes(3); // method handle
                case 16 -> isDescriptor[in.readUnsignedShort()] = true;
                default -> throw new IOException("no constant has the tag " + tag);
            }
        }
        for (int i = 1; i < count; i++) {
            String string = strings[i];
            if (string != null && isClass[i] && !string.startsWith("[")) {
                names.add(string);
            } else if (string != null && (isClass[i] || isDescriptor[i])) {
                addDescriptor(string);
            }
        }
    }

    private void readMembers() throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            in.readInt(); // access and name
            String descriptor = strings[in.readUnsignedShort()];
            if (descriptor != null) {
                addDescriptor(descriptor);
            }
            int attributes = in.readUnsignedShort();
            for (int a = 0; a < attributes; a++) {
                in.readUnsignedShort();
                in.skipNBytes(Integer.toUnsignedLong(in.readInt()));
            }
        }
    }

    /** Adds the types of {@code (ILcom/acme/Job;[Ljava/lang/String;)V}. */
    private void addDescriptor(String descriptor) {
        for (int at = 0; at < descriptor.length(); at++) {
            if (descriptor.charAt(at) == 'L') {
                int end = descriptor.indexOf(';', at);
                if (end < 0) {
                    return;
                }
                names.add(descriptor.substring(at + 1, end));
                at = end;
            }
        }
    }
}
