// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import org.processional.SlaveProcess;

/** Prints which flags of this JVM its slave has: assertions, language; and whether its heap is another. */
final class FlagsOfASlave {
    private FlagsOfASlave() {}

    public static void main(String[] arguments) {
        long heap = Runtime.getRuntime().maxMemory();
        try (SlaveProcess slave = slave()) {
            System.out.println(
                    slave.invoke(() -> Heavy.class.desiredAssertionStatus() + " " + System.getProperty("user.language")
                            + " " + (Runtime.getRuntime().maxMemory() != heap)));
        }
    }
}
