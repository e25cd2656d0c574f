// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns objects into bytes and back, for one end of one connection, together with the state that the connection keeps:
 * the <em>session</em>, an append-only dictionary of {@link Definition}s (lambda shapes, class descriptors) which are
 * sent once.
 *
 * <p>The rules of the session: each end numbers its own definitions, explicitly. A definition precedes its use on the
 * wire. It counts as sent only once its frame is queued ({@link Definition#sent()}); until then every body that uses
 * it brings it along again, which is harmless, because a definition with a known number is ignored. The reader stores
 * the bytes ({@link #define}) and loads no class. Bodies are independent of each other.
 *
 * <p><b>Threads:</b> {@code encode} and {@code decode} from any number of threads at once, {@code define} from the
 * reader, beside them. What was defined is visible to a thread that decodes a later frame. Code of users runs within
 * {@code encode} and {@code decode} ({@code writeObject}, say), and may call both again, in the same thread.
 *
 * @since 0.1
 */
public interface Codec {
    /**
     * Encodes one object graph.
     *
     * @param value the root; null is allowed
     * @param out takes the body, behind what is in it; what was written before an exception is thrown away by the
     *     caller
     * @return the definitions that must be sent before the body, in this order; usually empty
     * @throws org.processional.CodecException if something in the graph cannot travel: the message names it, the path
     *     to it and the cure
     */
    List<Definition> encode(@Nullable Object value, FrameOutput out);

    /**
     * Keeps a definition of the other end.
     *
     * @param definition the bytes of {@link Definition#bytes()}, valid during the call only
     * @throws org.processional.CodecException if the bytes are not a definition; the connection is then closed
     */
    void define(ByteBuffer definition);

    /**
     * Decodes one object graph.
     *
     * @param body the body, from position to limit of a buffer of any kind; a byte array taken from it is a copy
     * @param loader resolves the classes
     * @return the root
     * @throws org.processional.CodecException if the body is damaged, or a class is missing here or differs; the
     *     connection stays usable
     */
    @Nullable
    Object decode(ByteBuffer body, ClassLoader loader);
}
