// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/** A message cannot have a lambda past the filter by telling it another class than that in which the lambda was written. */
class ForgedLambdaTest {
    private static final String OWN = ForgedLambdaTest.class.getName();
    private static final String OTHER = CodecFilterRules.class.getName(); // as long, so that lengths stay right

    private final Codec codec = new JavaCodec().open(new Nothing(), InputFilter.none());

    /** Nothing stands for anything. */
    private static final class Nothing implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            return null;
        }

        @Override
        public @Nullable Object resolve(byte[] bytes) {
            return null;
        }
    }

    private static Call<Integer, RuntimeException> function() {
        return () -> 1;
    }

    private String encoded() {
        FrameOutput out = new FrameOutput(64, 1 << 20);
        codec.encode(function(), out);
        return StandardCharsets.ISO_8859_1.decode(out.frame()).toString();
    }

    private @Nullable Object decode(String body) {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1));
        return codec.decode(bytes, ForgedLambdaTest.class.getClassLoader());
    }

    @Test
    void whatIsNotForgedIsTaken() {
        assertThat(decode(encoded())).isInstanceOf(Call.class);
    }

    @Test
    void aLambdaOfAnotherClassThanToldIsRefused() {
        assertThat(OTHER).hasSameSizeAs(OWN);
        String body = encoded();
        int told = body.indexOf(OWN);
        String forged = body.substring(0, told) + OTHER + body.substring(told + OWN.length());
        assertThatThrownBy(() -> decode(forged))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("a lambda that was written in another class than it says");
    }

    @Test
    void aLambdaThatTellsNoClassIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream to = new ObjectOutputStream(bytes)) {
            to.writeObject(function());
        }
        assertThatThrownBy(() -> decode(bytes.toString(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("a lambda that was written in another class than it says");
    }
}
