// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import java.util.List;
import org.processional.SlaveProcess;

/** A master with three slaves: one idle, one in an endless loop, one with a child. Prints their process ids. */
final class MasterOfThree {
    private MasterOfThree() {}

    public static void main(String[] arguments) throws Exception {
        SlaveProcess idle = slave();
        SlaveProcess busy = slave();
        SlaveProcess parent = slave();
        busy.schedule(() -> Heavy.loopForEver());
        long child =
                parent.invoke(() -> new ProcessBuilder("sleep", "1000").start().pid());
        System.out.println(idle.pid() + " " + busy.pid() + " " + parent.pid() + " " + child);
        Thread.currentThread().join();
        System.out.println(List.of(idle, busy, parent)); // reachable until here
    }
}
