// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.ShippedClass;
import org.processional.engine.code.CodeCache;
import org.processional.engine.code.CodeSupply;
import org.processional.engine.code.ShippedLoader;

/**
 * The classes of the client at the other end of a connection, as far as this process lacks them: a loader of its own,
 * which asks for them.
 *
 * <p><b>Threads:</b> from any thread; loading waits for the client, and runs no code of users meanwhile.
 */
final class ClientCode implements CodeSupply {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** The disk cache of this user. No lambda: this is on the way of a slave that starts. */
    private static final Supplier<CodeCache> CACHE = new Supplier<>() {
        @Override
        public CodeCache get() {
            return CodeCache.ofUser();
        }
    };

    private final Peer peer;
    private final boolean taken;
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong(); // that came
    private volatile @Nullable ShippedLoader loader; // written under this

    ClientCode(Peer peer, Policy policy) {
        this.peer = peer;
        this.taken = policy.code();
        this.mostBytes = policy.limits().shippedBytes();
    }

    /**
     * The loader for a request.
     *
     * @param flags of the request
     * @param base what this process has
     */
    ClassLoader loader(int flags, ClassLoader base) {
        if ((flags & Frames.SHIPS) == 0 || !taken) {
            return base;
        }
        ShippedLoader known = loader;
        ShippedLoader shipped = known == null ? make(base) : known;
        if ((flags & Frames.NEW_CODE) != 0) {
            shipped.forgetMissing();
        }
        return shipped;
    }

    private synchronized ShippedLoader make(ClassLoader base) {
        ShippedLoader known = loader;
        if (known == null) {
            known = new ShippedLoader(peer.partner().pid(), base, this, CACHE);
            loader = known;
        }
        return known;
    }

    /** Why a function with code of its own could not be read. */
    CodecException explain(int flags, CodecException e) {
        boolean missing = e.getCause() instanceof ClassNotFoundException || e.getCause() instanceof LinkageError;
        boolean refused = missing && (flags & Frames.SHIPS) != 0 && !taken;
        return refused
                ? new CodecException(
                        e.getMessage() + "; process " + Identity.PID
                                + " takes no code of its clients, so its class path" + " must have it",
                        e)
                : e;
    }

    /** What has come from the client so far. */
    synchronized List<ShippedClass> shipped() {
        ShippedLoader known = loader;
        return known == null ? List.of() : known.shipped();
    }

    /** Forgets what has come: the next function has a new loader. */
    synchronized int evict() {
        ShippedLoader known = loader;
        int count = known == null ? 0 : known.shipped().size();
        loader = null;
        return count;
    }

    @Override
    public ByteBuffer manifest(String resourceName) {
        return ask(Question.engine(Frames.MANIFEST, resourceName));
    }

    @Override
    public ByteBuffer content(ByteBuffer request) {
        ByteBuffer content = ask(Question.content(request));
        if (bytes.addAndGet(content.remaining()) > mostBytes) {
            throw new ConnectionException(peer.remoteName() + " has brought more than " + mostBytes
                    + " bytes of classes and resources to process " + Identity.PID
                    + ", the limit shippedBytes; raise it there, or put what is needed on its class path");
        }
        return content;
    }

    private ByteBuffer ask(Question question) {
        ByteBuffer answer = new ProcessCalls(peer).engine(question, LIMIT_NANOS);
        if (answer == null) {
            throw new ConnectionException(peer.remoteName() + " did not give its code within "
                    + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS) + " s");
        }
        return answer;
    }
}
