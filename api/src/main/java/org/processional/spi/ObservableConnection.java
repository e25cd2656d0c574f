// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * A connection that can tell more of its peer than whole frames do: whether a long frame is on its way, and whether the
 * peer's host is there. The engine asks when it has heard nothing for a while.
 *
 * <p><b>Threads:</b> everything from any thread, also while others send and receive; numbers may be a little old.
 *
 * @since 0.1
 */
public interface ObservableConnection extends Connection {
    /** Number of bytes that came in, also of frames that are not whole yet. */
    long receivedBytes();

    /** Number of bytes that the system has taken. */
    long sentBytes();

    /**
     * Whether the peer's host has confirmed nothing for long of what the system sent to it again and again.
     *
     * @return false also where the system does not tell, and where both ends are on one host
     */
    boolean isHostLost();
}
