// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

/**
 * The codec {@code river}: own forms for what tasks usually carry, the River protocol of JBoss Marshalling for the rest.
 *
 * <p><b>Threads:</b> from any thread. The constructor loads nothing.
 */
public final class RiverCodecProvider extends JBossCodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public RiverCodecProvider() {}

    @Override
    public String name() {
        return "river";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    Rest rest() {
        return JBossRest.river();
    }
}
