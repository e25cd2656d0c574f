// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How often the kernel has tried to reach the other host's without an answer, as Linux tells in its tables of sockets: it
 * sent the same bytes again, or asked for room for bytes that have not left this host yet, as where the way was lost before
 * them. The column of the latter is headed {@code timeout}. A process that is stopped does not matter: its kernel answers
 * either.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ...
 *    0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4711 ...
 * </pre>
 *
 * <p><b>Threads:</b> stateless.
 */
final class Retransmissions {
    /** About 13 s where a round trip takes little: 0.2 s at first, and twice as long each time. */
    static final int LOST = 6;

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int SENT_AGAIN = 6; // hexadecimal
    private static final int ASKED = 8; // decimal
    private static final String ESTABLISHED = "01";

    private Retransmissions() {}

    /** The number of a connection; 0 if it is not known. */
    static int of(InetSocketAddress local, InetSocketAddress remote) {
        return of(TABLES, local.getPort(), remote.getPort());
    }

    /** Of the connections with these ports, that of the one with the least. */
    static int of(List<Path> tables, int local, int remote) {
        String from = port(local);
        String to = port(remote);
        int least = Integer.MAX_VALUE;
        for (Path table : tables) {
            least = Math.min(least, least(table, from, to));
        }
        return least == Integer.MAX_VALUE ? 0 : least;
    }

    private static int least(Path table, String from, String to) {
        try (Stream<String> lines = Files.lines(table)) {
            return lines.mapToInt(line -> count(line, from, to)).min().orElse(Integer.MAX_VALUE);
        } catch (IOException | RuntimeException e) {
            return Integer.MAX_VALUE; // no Linux, or not ours to read
        }
    }

    private static String port(int port) {
        return String.format(Locale.ROOT, ":%04X", port);
    }

    private static int count(String line, String from, String to) {
        String[] fields = line.trim().split("\\s+", -1);
        boolean isIt = fields.length > ASKED
                && fields[LOCAL].endsWith(from)
                && fields[REMOTE].endsWith(to)
                && fields[STATE].equals(ESTABLISHED);
        return isIt ? Integer.parseInt(fields[SENT_AGAIN], 16) + Integer.parseInt(fields[ASKED]) : Integer.MAX_VALUE;
    }
}
