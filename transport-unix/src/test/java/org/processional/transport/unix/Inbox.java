// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.processional.spi.channel.ChannelConnection;

/** Frames that came along with one that a test asked for. */
final class Inbox {
    private static final Map<ChannelConnection, List<byte[]>> WAITING = new WeakHashMap<>();

    private Inbox() {}

    static synchronized List<byte[]> of(ChannelConnection connection) {
        return WAITING.computeIfAbsent(connection, any -> new ArrayList<>());
    }
}
