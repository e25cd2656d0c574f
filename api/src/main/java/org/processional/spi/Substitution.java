// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import org.jspecify.annotations.Nullable;

/**
 * Replaces objects of the engine (proxies) by what stands for them on the wire, wherever they occur in a graph.
 *
 * <p>A codec asks it for every object that is an {@link org.processional.Proxy}, in place of encoding the object, and
 * carries the number alone.
 *
 * <p><b>Threads:</b> any thread that encodes or decodes.
 */
public interface Substitution {
    /**
     * What to write in place of a proxy.
     *
     * @param proxy an object that implements {@link org.processional.Proxy}
     * @return the bytes that stand for it, at most 64
     * @throws org.processional.CodecException if this proxy cannot go to that peer; the message says why
     */
    byte[] replace(Object proxy);

    /**
     * The proxy that stands for the bytes here.
     *
     * @param bytes what {@link #replace} gave at the other end
     * @return the proxy
     * @throws org.processional.CodecException if the bytes are not a proxy's
     */
    @Nullable
    Object resolve(byte[] bytes);
}
