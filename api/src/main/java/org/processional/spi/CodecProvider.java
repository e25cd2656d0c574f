// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * Makes codecs; found by {@link java.util.ServiceLoader}. Both ends of a connection use the provider with the same
 * name.
 *
 * <p><b>Threads:</b> from any thread. The constructor opens and loads nothing.
 *
 * @since 0.1
 */
public interface CodecProvider {
    /** The name that the two ends agree on, for example {@code river}. */
    String name();

    /** Which codec to prefer where the user named none; the highest one that both ends have wins. */
    int priority();

    /**
     * Makes the codec of one end of one connection.
     *
     * @param substitution replaces the engine's own objects by stand-ins that travel
     * @param filter is asked about everything that is decoded, before it is made; see {@link InputFilter}
     */
    Codec open(Substitution substitution, InputFilter filter);
}
