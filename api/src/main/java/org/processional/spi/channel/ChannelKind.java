// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.channels.Selector;

/**
 * Which library made a channel: one selector cannot wait for channels of two of them.
 *
 * <p><b>Threads:</b> all methods from any thread.
 *
 * @since 0.1
 */
public interface ChannelKind {
    /** The channels of the JDK. */
    ChannelKind JDK = new ChannelKind() {
        @Override
        public String provider() {
            return "jdk";
        }

        @Override
        public Selector openSelector() throws IOException {
            return Selector.open();
        }
    };

    /** The name of the library, as in the address option {@code provider}. */
    String provider();

    /** Opens a selector for channels of this kind; the caller closes it. */
    Selector openSelector() throws IOException;
}
