// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

/**
 * The codec {@code serial}: own forms for what tasks usually carry, the protocol of Java serialization, as JBoss
 * Marshalling speaks it, for the rest. Bodies are larger than those of {@link RiverCodecProvider}, and take longer.
 *
 * <p><b>Threads:</b> from any thread. The constructor loads nothing.
 */
public final class SerialCodecProvider extends JBossCodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SerialCodecProvider() {}

    @Override
    public String name() {
        return "serial";
    }

    @Override
    public int priority() {
        return 50;
    }

    @Override
    Rest rest() {
        return JBossRest.serial();
    }
}
