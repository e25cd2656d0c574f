// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import java.io.IOException;
import org.processional.SlaveProcess;

/**
 * A master whose slave has a child and a slave of its own, that has a child too. Prints the process ids: of the slave and
 * its child, of the slave's slave and its child.
 */
final class MasterOfAMaster {
    private static SlaveProcess inner; // in the slave

    private MasterOfAMaster() {}

    private static long sleep() throws IOException {
        return new ProcessBuilder("sleep", "1000").start().pid();
    }

    private static String startInner() throws IOException {
        inner = slave();
        long child = inner.<Long, IOException>invoke(() -> sleep());
        return Heavy.pid() + " " + sleep() + " " + inner.pid() + " " + child;
    }

    public static void main(String[] arguments) throws Exception {
        try (SlaveProcess outer = slave()) {
            System.out.println(outer.<String, IOException>invoke(() -> startInner()));
            Thread.currentThread().join();
        }
    }
}
