// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;

/**
 * The way from a {@link ShippedLoader} to the {@link CodeOrigin} of its client: each call is a round trip.
 *
 * <p><b>Threads:</b> any thread that loads a class, several at once; its interrupt flag is clear. A call that an interrupt
 * ends is made again, so it should rather not let interrupts end it.
 */
public interface CodeSupply {
    /**
     * Asks what {@link CodeOrigin#manifest} answers.
     *
     * @throws org.processional.ProcessionalException if the client has gone or refuses
     */
    ByteBuffer manifest(String resourceName);

    /**
     * Asks what {@link CodeOrigin#content} answers.
     *
     * @throws org.processional.ProcessionalException if the client has gone or refuses
     */
    ByteBuffer content(ByteBuffer request);
}
