// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.engine.code.CodeOrigin;

/**
 * The code of this process, for the process at the other end of a connection, which asks for what it lacks.
 *
 * <p><b>Threads:</b> from any thread.
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
    private final CodeOrigin code = new CodeOrigin();
    private volatile @Nullable WeakReference<Class<?>> last; // most often the next function is of it as well
    private volatile boolean any; // whether something foreign was offered

    /** Makes an offer. */
    public CodeOffer(Policy policy) {
        this.policy = policy;
    }

    /**
     * Offers the code that a class is of.
     *
     * @return the flags of a request that needs it
     */
    int flags(Class<?> origin) {
        WeakReference<Class<?>> before = last;
        boolean isNew = policy != Policy.NONE && (before == null || !before.refersTo(origin)) && offer(origin);
        if (policy == Policy.NONE || policy == Policy.FOREIGN && !any) {
            return 0;
        }
        return isNew ? Frames.SHIPS | Frames.NEW_CODE : Frames.SHIPS;
    }

    private boolean offer(Class<?> origin) {
        ClassLoader loader = origin.getClassLoader();
        boolean foreign = loader != null && loader != ClassLoader.getSystemClassLoader();
        boolean isNew = false;
        if (foreign || policy == Policy.ALL) {
            isNew = code.offer(origin);
            any = true;
        }
        last = new WeakReference<>(origin);
        return isNew;
    }

    /** What there is for a name of a resource; reads files. */
    ByteBuffer manifest(String name) {
        requireGiven();
        return code.manifest(name);
    }

    /** What a manifest has named; reads files. */
    ByteBuffer content(ByteBuffer request) {
        requireGiven();
        return code.content(request);
    }

    private void requireGiven() {
        if (policy == Policy.NONE) {
            throw new ProcessionalException("process " + Identity.PID + " gives no code to others");
        }
    }
}
