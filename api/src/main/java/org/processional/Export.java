// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * An object that a process keeps for others, and who they are ({@link Processional#exports}).
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param number its number; never used again in that process
 * @param type name of its class
 * @param names what it is published as
 * @param holders the processes that hold proxies of it
 * @param since when it was kept
 * @param site the stack of the thread that kept it, the innermost frame first; empty unless the process runs with
 *     {@code -Dprocessional.traceExports=true}
 * @since 0.1
 */
public record Export(
        long number, String type, List<String> names, List<Holder> holders, Instant since, List<String> site)
        implements Serializable {
    /** Takes copies. */
    public Export {
        names = List.copyOf(names);
        holders = List.copyOf(holders);
        site = List.copyOf(site);
    }

    /**
     * A process that holds proxies of an object.
     *
     * @param process its identity
     * @param pid its process id
     * @param proxies how often the object was received there, and not yet given up
     */
    public record Holder(String process, long pid, int proxies) implements Serializable {}
}
