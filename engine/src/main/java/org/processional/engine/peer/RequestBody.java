// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.Serial;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * What a {@link Request} does when it runs.
 *
 * <p><b>Threads:</b> run once, by one thread. It never travels; a Call is serializable by its type alone.
 */
final class RequestBody implements Call<@Nullable Object, Exception> {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The chain of the request that a thread runs. Not inherited: a thread that a task starts begins a chain. */
    private static final ThreadLocal<@Nullable RequestBody> CURRENT = new ThreadLocal<>();

    private final transient Peer peer;
    private final transient Requests owner;
    private final int kind;
    private final int flags;
    private final long chain;
    private final transient ByteBuffer from;

    RequestBody(Peer peer, Requests owner, int kind, int flags, long chain, ByteBuffer from) {
        this.peer = peer;
        this.owner = owner;
        this.kind = kind;
        this.flags = flags;
        this.chain = chain;
        this.from = from;
    }

    /** The chain in which the calling thread works; 0 if it runs no request. */
    static long currentChain() {
        RequestBody current = CURRENT.get();
        return current == null ? 0 : current.chain;
    }

    @Override
    @SuppressWarnings("NullAway") // the result may be null, as the type argument says
    public @Nullable Object call() throws Exception {
        CURRENT.set(this);
        try {
            return perform();
        } finally {
            CURRENT.remove();
        }
    }

    private @Nullable Object perform() throws Exception {
        return switch (kind) {
            case Frames.INVOKE, Frames.THREAD -> invoke();
            case Frames.RELEASE -> {
                owner.exports().release(peer.held(), from.getLong(), from.getInt());
                yield null;
            }
            case Frames.NAMED -> owner.exports().named(FrameOutput.readString(from));
            case Frames.NAMES -> String.join("\n", owner.exports().names());
            case Frames.REMOVE -> owner.exports().remove(FrameOutput.readString(from)) ? "1" : "";
            case Frames.DETACH, Frames.PERSIST, Frames.STOP -> control();
            default ->
                throw new CodecException("process " + Identity.PID + " does not know requests of kind " + kind
                        + "; it runs another version of Processional");
        };
    }

    private String control() {
        Control life = owner.control();
        switch (kind) {
            case Frames.DETACH -> life.detach();
            case Frames.PERSIST -> life.persist();
            default -> life.stop();
        }
        return "";
    }

    private @Nullable Object invoke() throws Exception {
        String name = (flags & Frames.NAME) == 0 ? null : FrameOutput.readString(from);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        Object function = peer.codec().decode(from, context == null ? ClassLoader.getSystemClassLoader() : context);
        Object result;
        if (function instanceof Call<?, ?> call) {
            result = call.call();
        } else if (function instanceof Action<?> action) {
            action.run();
            result = null;
        } else {
            throw new CodecException("not a function: "
                    + (function == null ? "null" : function.getClass().getName()));
        }
        return (flags & Frames.KEEP) == 0 ? result : owner.exports().keep(name, result);
    }
}
