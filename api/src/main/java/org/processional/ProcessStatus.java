// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;

/**
 * What a process is doing at one moment ({@link SlaveProcess#status()}).
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param pid its process id
 * @param id its identity, unique among all that ever run
 * @param version the versions of Processional and of Java there, for people
 * @param javaVersion the version of Java there, such as {@code 17.0.15+6}
 * @param uptime since when its JVM runs
 * @param clients number of processes that are connected to it, without visitors ({@link ClientOptions#visitor})
 * @param running number of functions that run now: at most one on the main thread, the others beside it
 * @param queued number of functions that wait for the main thread
 * @param exports number of objects that it keeps for others
 * @param threads number of live threads of its JVM
 * @param heapUsedBytes heap in use, what could be collected included
 * @param heapMaxBytes what the heap may grow to
 * @since 0.1
 */
public record ProcessStatus(
        long pid,
        String id,
        String version,
        String javaVersion,
        Duration uptime,
        int clients,
        int running,
        int queued,
        int exports,
        int threads,
        long heapUsedBytes,
        long heapMaxBytes) {
    /** Takes the values. */
    public ProcessStatus {}
}
