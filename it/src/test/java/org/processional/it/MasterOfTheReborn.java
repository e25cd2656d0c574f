// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.slave;

import java.nio.file.Path;
import java.time.Duration;
import org.processional.Restart;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** A master whose slave is killed, and restarted, again and again. Says that it has begun. */
final class MasterOfTheReborn {
    private MasterOfTheReborn() {}

    static SlaveOptions.Builder options(Path folder, int times) {
        return SlaveOptions.builder()
                .name("reborn")
                .initialClass(Reborn.class.getName())
                .flags("-D" + Reborn.FOLDER + "=" + folder)
                .restart(Restart.atMost(times, Duration.ofHours(1)));
    }

    public static void main(String[] arguments) {
        try (SlaveProcess slave = slave(options(Path.of(arguments[0]), 1000).build())) {
            System.out.println(slave.invoke(() -> 1));
            while (true) {
                ProcessHandle.of(slave.pid()).ifPresent(ProcessHandle::destroyForcibly);
                slave.schedule(() -> 2);
            }
        }
    }
}
