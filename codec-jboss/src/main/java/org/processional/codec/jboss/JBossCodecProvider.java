// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Serializable;
import org.processional.Explanation;
import org.processional.ProviderException;
import org.processional.spi.Codec;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * What the two codecs have in common: all but the protocol of the rest.
 *
 * <p><b>Threads:</b> from any thread.
 */
abstract class JBossCodecProvider implements ExplainingCodecProvider {
    private static final String NEEDED = "jdk.unsupported"; // sun.reflect.ReflectionFactory

    /** Refuses a JVM in which no value could be written: only a codec on the class path of a modular program meets one. */
    JBossCodecProvider() {
        if (ModuleLayer.boot().findModule(NEEDED).isEmpty()) {
            throw new ProviderException("the codecs river and serial need module " + NEEDED + " of the JDK, which this"
                    + " JVM has not loaded; give it --add-modules " + NEEDED + ", and link it into a run-time image");
        }
    }

    /** Makes what writes the graphs that have no form of our own; loads JBoss Marshalling. */
    abstract Rest rest();

    @Override
    public final Explanation explain(Serializable function, Substitution substitution) {
        return Explainer.explain(new SessionCodec(this, substitution, InputFilter.none()), function);
    }

    @Override
    public final Codec open(Substitution substitution, InputFilter filter) {
        return new SessionCodec(this, substitution, filter);
    }
}
