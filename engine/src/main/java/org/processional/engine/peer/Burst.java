// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * Tells requests that come one upon the other, in a loop, from single ones: only the former are worth gathering.
 *
 * <p><b>Threads:</b> from any thread; races between them lose or gain a request at most.
 */
final class Burst {
    /** Requests with less between them belong together. */
    private static final long GAP_NANOS = 100_000;

    /** So many of them come at once without a loop. */
    private static final int FEW = 16;

    private long last = System.nanoTime(); // racy on purpose, as below
    private int length;

    /** Another request is about to be sent; whether it is one of many, so that more will follow. */
    boolean goesOn() {
        long now = System.nanoTime();
        length = now - last < GAP_NANOS ? length + 1 : 0;
        last = now;
        return length > FEW;
    }
}
