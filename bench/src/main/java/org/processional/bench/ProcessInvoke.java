// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import org.processional.Processional;
import org.processional.SlaveProcess;

/** {@code invoke} of a slave process, over a Unix socket. */
final class ProcessInvoke implements Way {
    private final SlaveProcess slave = Processional.slave();
    private final String text = ThreadWays.TEXT;
    private int number;

    @Override
    public long step() {
        int captured = number++;
        String capturedToo = text;
        return slave.invoke(() -> captured + capturedToo.length());
    }

    @Override
    public void close() {
        slave.close();
    }
}
