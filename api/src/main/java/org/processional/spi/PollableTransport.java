// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;

/**
 * A transport whose connections are all {@link PollableConnection}s.
 *
 * <p><b>Threads:</b> as for {@link Transport}.
 *
 * @since 0.1
 */
public interface PollableTransport extends Transport {
    /**
     * Opens a set in which connections and listeners of this transport can be waited for together.
     *
     * @return an empty set; the caller closes it
     * @throws IOException if the system refuses
     */
    WaitSet openWaitSet() throws IOException;
}
