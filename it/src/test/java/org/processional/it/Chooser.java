// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import org.processional.ProcessionalException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Starts a slave, over the transport of its first argument if there is one, and prints its scheme, or the failure. */
final class Chooser {
    private Chooser() {}

    public static void main(String[] arguments) {
        SlaveOptions.Builder options = SlaveOptions.builder();
        if (arguments.length > 0) {
            options.transport(arguments[0]);
        }
        try (SlaveProcess slave = slave(options.build())) {
            String scheme = slave.address().substring(0, slave.address().indexOf(':'));
            System.out.println(scheme + " " + slave.<Integer, RuntimeException>invoke(() -> 1));
        } catch (ProcessionalException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
