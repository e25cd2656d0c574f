// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.nio.ByteBuffer;

/**
 * An entry of a codec's session that the other end may not know yet.
 *
 * <p><b>Threads:</b> from any thread; the same definition may be in the hands of several.
 *
 * @since 0.1
 */
public interface Definition {
    /** The bytes to send: a read-only view of its own for each call. */
    ByteBuffer bytes();

    /** Says that the bytes are queued for sending, in front of everything that is queued from now on. */
    void sent();
}
