// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.spi.FrameOutput;

/**
 * Something that a session describes once and names by a number afterwards. It belongs to the process, not to a
 * session, and its key refers to no class, so that a session which keeps the key keeps no class loader.
 *
 * <p><b>Threads:</b> from any thread.
 */
abstract class Described {
    private static final AtomicInteger KEYS = new AtomicInteger();

    private final int key = KEYS.getAndIncrement();

    /** Number of this description in this process. */
    final int key() {
        return key;
    }

    /** One of the {@code D_} constants of {@link Tag}. */
    abstract byte kind();

    /** Writes what follows the head of the definition. */
    abstract void describe(FrameOutput to);

    /** The whole definition. */
    final byte[] definition(int id) {
        FrameOutput out = new FrameOutput(256, Integer.MAX_VALUE);
        out.putByte(kind());
        out.putSize(id);
        describe(out);
        byte[] bytes = new byte[out.size()];
        out.frame().get(bytes);
        return bytes;
    }

    /** A class by its name. */
    static final class OfClass extends Described {
        private final String name;
        private final String location;

        OfClass(Class<?> type) {
            this.name = type.getName();
            this.location = ClassFile.location(type);
        }

        @Override
        byte kind() {
            return Tag.D_CLASS;
        }

        @Override
        void describe(FrameOutput to) {
            to.putString(name);
            to.putString(location);
        }
    }

    /** A class of users that JBoss writes: its name, its serialVersionUID and its place. */
    static final class OfVersion extends Described {
        private final String name;
        private final long version;
        private final String location;

        OfVersion(Class<?> type) {
            this.name = type.getName();
            this.version = Serialization.version(type);
            this.location = ClassFile.location(type);
        }

        @Override
        byte kind() {
            return Tag.D_VERSION;
        }

        @Override
        void describe(FrameOutput to) {
            to.putString(name);
            to.putLong(version);
            to.putString(location);
        }
    }

    /** A constant of an enum by its name. */
    static final class OfConstant extends Described {
        private final String type;
        private final String name;
        private final String location;

        OfConstant(Class<?> type, String name) {
            this.type = type.getName();
            this.name = name;
            this.location = ClassFile.location(type);
        }

        @Override
        byte kind() {
            return Tag.D_ENUM;
        }

        @Override
        void describe(FrameOutput to) {
            to.putString(type);
            to.putString(name);
            to.putString(location);
        }
    }
}
