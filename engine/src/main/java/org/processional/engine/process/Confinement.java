// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;

/**
 * What the system holds a slave to: a session of its own where {@code setsid} is present, so that what is typed in the
 * terminal reaches the master only; its priority, and the cgroup in which it starts. Small programs see to it and become
 * the slave, so that the process id stays.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Confinement {
    private static final String JOIN = "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"";

    private Confinement() {}

    /**
     * The words before the command that starts a slave.
     *
     * @throws SlaveStartException if this system cannot do it
     */
    static List<String> of(SlaveOptions options) {
        List<String> line = new ArrayList<>();
        if (Guard.SETSID != null) {
            line.add(Guard.SETSID);
        }
        if (options.nice() > 0) {
            if (!Niceness.isAvailable()) {
                throw new SlaveStartException("the option nice is " + options.nice()
                        + ", and this system has no program nice; leave the option out");
            }
            line.addAll(Niceness.words(options.nice()));
        }
        if (options.cgroup() != null) {
            line.addAll(List.of("/bin/sh", "-c", JOIN, checked(options.cgroup())));
        }
        return line;
    }

    private static String checked(Path folder) {
        Path members = folder.toAbsolutePath().resolve("cgroup.procs");
        String trouble = trouble(members);
        if (trouble != null) {
            throw new SlaveStartException("the option cgroup is " + folder + ", and " + trouble
                    + "; give the folder of a cgroup (version 2) that is delegated to this user, as"
                    + " systemd-run --user --scope -p Delegate=yes makes one, or leave the option out");
        }
        return folder.toAbsolutePath().toString();
    }

    private static @Nullable String trouble(Path members) {
        if (!Files.exists(members)) {
            return members + " does not exist";
        }
        return Files.isWritable(members) ? null : members + " is not to be written by this process";
    }
}
