// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.engine.code.CodeOrigin;
import org.processional.spi.FrameOutput;

/**
 * The code of this process, for the process at the other end of a connection, which asks for what it lacks.
 *
 * <p><b>Threads:</b> from any thread; {@code answer} reads files.
 */
public final class CodeOffer {
    /** Which functions may bring their code. */
    public enum Policy {
        /** All: nobody knows what the other process has. */
        ALL,
        /** Those of other loaders than the application's: the other process has the same path. */
        FOREIGN,
        /** None. */
        NONE
    }

    private final Policy policy;
    private final CodeOrigin origin = new CodeOrigin();
    private volatile boolean offered; // something was: what is called there may be of its classes
    private volatile @Nullable WeakReference<Class<?>> last; // of the functions; most often the next is of it as well

    /** Makes an offer. */
    public CodeOffer(Policy policy) {
        this.policy = policy;
    }

    /** The flags of a request with a function of a class. */
    int flags(Class<?> function) {
        WeakReference<Class<?>> before = last;
        if (before != null && before.refersTo(function)) {
            return Frames.SHIPS;
        }
        ClassLoader loader = function.getClassLoader();
        boolean foreign = loader != null && loader != ClassLoader.getSystemClassLoader();
        boolean engine = function.getPackageName().startsWith("org.processional.engine");
        if (engine) { // a call of a stand-in or a command of an executor: what is of users is in it
            return policy == Policy.ALL || offered ? Frames.SHIPS : 0;
        }
        if (policy == Policy.NONE || policy == Policy.FOREIGN && !foreign) {
            return 0;
        }
        boolean isNew = origin.offer(function);
        offered = true;
        last = new WeakReference<>(function);
        return isNew ? Frames.SHIPS | Frames.NEW_CODE : Frames.SHIPS;
    }

    /** Answers a question of the other end. */
    void answer(Peer peer, int kind, long ticket, ByteBuffer question) {
        FrameOutput out = peer.output();
        try {
            if (policy == Policy.NONE) {
                throw new ProcessionalException("process " + Identity.PID + " gives no code to others");
            }
            ByteBuffer answer = kind == Frames.MANIFEST
                    ? origin.manifest(FrameOutput.readString(question))
                    : origin.content(question);
            Frames.begin(out, Frames.RESULT, 0, 0, ticket, 0);
            out.room(answer.remaining()).put(answer);
            peer.answer(out, List.of());
        } catch (RuntimeException e) {
            Frames.begin(out, Frames.FAILURE, 0, 0, ticket, 0);
            peer.answer(out, Failures.write(e, peer.codec(), out));
        }
    }
}
