// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * A connection that can refuse frames by their length before it has memory for them. The engine lets nobody send long
 * frames who has not shown who he is.
 *
 * <p><b>Threads:</b> by the receiving thread.
 *
 * @since 0.1
 */
public interface LimitableConnection extends Connection {
    /**
     * Sets the longest frame to receive from now on; a longer one breaks the connection.
     *
     * @param bytes 0 to {@link #maxFrameBytes()}, which is the limit in the beginning
     */
    void limitIncoming(int bytes);
}
