// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.Serializable;
import org.processional.Explanation;

/**
 * A provider that can tell what a function takes along, and why it cannot travel.
 *
 * <p><b>Threads:</b> from any thread.
 *
 * @since 0.1
 */
public interface ExplainingCodecProvider extends CodecProvider {
    /**
     * Looks at a function as a codec of this provider would, and sends nothing. The functions that the codec refuses are
     * those with obstacles, and each obstacle has the same text here and in the exception of {@link Codec#encode}.
     *
     * @param function a lambda, a method reference, or an object
     * @param substitution replaces the engine's own objects; all that it replaced is forgotten at the end
     * @return what it captures, and what cannot travel
     */
    Explanation explain(Serializable function, Substitution substitution);
}
