// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.spi.CodecProvider;

@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
class RoundTripTest {
    private final Ends ends;

    RoundTripTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    static CodecProvider[] providers() {
        return new CodecProvider[] {new RiverCodecProvider(), new SerialCodecProvider()};
    }

    @Test
    void lambdaWithCaptures() throws Exception {
        int n = 3;
        String s = "abc";
        Call<String, RuntimeException> call = () -> s + n;
        assertThat(ends.trip(call).call()).isEqualTo("abc3");
    }
}
