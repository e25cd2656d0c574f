// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import org.junit.jupiter.api.Nested;
import org.processional.spi.CodecProvider;
import org.processional.tck.CodecRules;

/** The rules of codecs, over both of this module. */
class JBossCodecRulesTest {
    /** The rules over one codec. */
    abstract static class Rules extends CodecRules {
        private final CodecProvider provider;

        Rules(CodecProvider provider) {
            this.provider = provider;
        }

        @Override
        protected CodecProvider provider() {
            return provider;
        }

        @Override
        protected int rounds(int full) {
            return Rounds.of(full);
        }
    }

    @Nested
    class River extends Rules {
        River() {
            super(new RiverCodecProvider());
        }
    }

    @Nested
    class Serial extends Rules {
        Serial() {
            super(new SerialCodecProvider());
        }
    }
}
