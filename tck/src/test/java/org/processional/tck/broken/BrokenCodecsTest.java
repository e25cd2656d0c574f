// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.CodecProvider;
import org.processional.tck.CodecRules;

/** The kit, tested by codecs with one fault each: each fails the rule that it breaks, and no other. */
class BrokenCodecsTest {
    private static CodecFault fault = CodecFault.NONE; // of the rules that run now

    /** The rules over a codec with a fault; run by this test alone. */
    static class Rules extends CodecRules {
        @Override
        protected CodecProvider provider() {
            return new BrokenCodec(fault);
        }
    }

    @Test
    void withoutAFaultNoneFails() {
        fault = CodecFault.NONE;
        assertThat(Inner.failed(Rules.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachFailsItsRuleAlone(CodecFault broken) {
        fault = broken;
        assertThat(Inner.failed(Rules.class, broken.rule()))
                .singleElement()
                .asString()
                .startsWith(broken.rule() + "_");
    }
}
