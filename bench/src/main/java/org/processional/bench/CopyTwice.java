// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

/**
 * The limit of a payload that goes there and back by value: it is copied twice each way, from memory to memory.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class CopyTwice implements Way {
    private final byte[] mine;
    private final byte[] between;
    private final byte[] theirs;

    CopyTwice(int length) {
        mine = new byte[length];
        between = new byte[length];
        theirs = new byte[length];
    }

    @Override
    public long step() {
        mine[0]++;
        System.arraycopy(mine, 0, between, 0, mine.length);
        System.arraycopy(between, 0, theirs, 0, mine.length);
        System.arraycopy(theirs, 0, between, 0, mine.length);
        System.arraycopy(between, 0, mine, 0, mine.length);
        return mine[0];
    }

    @Override
    public void close() {}
}
