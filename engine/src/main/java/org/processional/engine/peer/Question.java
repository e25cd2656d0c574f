// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameOutput;

/**
 * What is asked of the other end.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param kind one of the kinds of {@link Frames} that are answered
 * @param flags flags of that kind
 * @param object number of the object there that it is about; 0 for none
 * @param name a name; null for none
 * @param function what runs there; null for nothing
 * @param origin class whose loader has what the function and its result need; null for nothing
 * @param bytes other content; null for none
 */
record Question(
        int kind,
        int flags,
        long object,
        @Nullable String name,
        @Nullable Object function,
        @Nullable Class<?> origin,
        @Nullable ByteBuffer bytes) {
    /** Runs a function: an INVOKE or a THREAD. */
    static Question run(int kind, long object, Object function) {
        return run(kind, object, function, function.getClass());
    }

    /** Runs a function of the engine, for a class of the user's. */
    static Question run(int kind, long object, Object function, Class<?> origin) {
        return new Question(kind, object == 0 ? 0 : Frames.OBJECT, object, null, function, origin, null);
    }

    /** Runs a function and keeps its result there. */
    static Question keep(long object, @Nullable String name, Object function, Class<?> origin) {
        int flags = Frames.KEEP | (object == 0 ? 0 : Frames.OBJECT) | (name == null ? 0 : Frames.NAME);
        return new Question(Frames.INVOKE, flags, object, name, function, origin, null);
    }

    /** A question of the engine itself. */
    static Question engine(int kind, @Nullable String name) {
        return new Question(kind, 0, 0, name, null, null, null);
    }

    /** Counts one more reception of an object of the other end. */
    static Question retain(long object) {
        return new Question(Frames.RETAIN, 0, object, null, null, null, null);
    }

    /** Asks for code. */
    static Question content(ByteBuffer bytes) {
        return new Question(Frames.CONTENT, 0, 0, null, null, null, bytes);
    }

    /** Whether it runs behind all that was asked before: not beside it, nor where an object is. */
    boolean isQueued() {
        return kind == Frames.INVOKE && object == 0;
    }

    /** The flags of its frame. */
    int flags(RequestOptions how) {
        return how.awaited() ? flags | Frames.AWAITED : flags;
    }

    /** Writes what comes before the function. */
    void writeHead(FrameOutput out) {
        if (object != 0) {
            out.putLong(object);
        }
        if (name != null) {
            out.putString(name);
        }
        if (bytes != null) {
            out.room(bytes.remaining()).put(bytes.duplicate());
        }
    }
}
