// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** A master whose slave is detached from the start, and works in a thread. Prints its process id. */
final class MasterOfADetached {
    private MasterOfADetached() {}

    public static void main(String[] arguments) throws Exception {
        String folder = arguments[0];
        try (SlaveProcess slave = slave(SlaveOptions.builder().detach(true).build())) {
            slave.thread(() -> LifeTest.workUntilItMayGo(folder));
            System.out.println(slave.pid());
            Thread.currentThread().join();
        }
    }
}
