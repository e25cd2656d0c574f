// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import org.processional.tck.faults.FaultyTransport;

/** Our transports, wrapped by the one that spoils connections. */
public final class FaultyTransports {
    private FaultyTransports() {}

    public static final class Unix extends FaultyTransport.Pollable {
        public Unix() {
            super("unix");
        }
    }

    public static final class Shm extends FaultyTransport.Pollable {
        public Shm() {
            super("shm");
        }
    }

    public static final class Tcp extends FaultyTransport.Pollable {
        public Tcp() {
            super("tcp");
        }
    }
}
