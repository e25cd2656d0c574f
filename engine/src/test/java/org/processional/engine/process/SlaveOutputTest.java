// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Output;

@Timeout(60)
class SlaveOutputTest {
    private static final long LONG_MILLIS = 50_000;

    /** Gives the bytes of a text one by one. */
    private static InputStream dripping(String text) {
        return new FilterInputStream(new ByteArrayInputStream(text.getBytes(Charset.defaultCharset()))) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(1, length));
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    @Test
    void charactersThatComeInPiecesAreWhole() {
        String text = "gr\u00fc\u00dfe\n\u20ac 5\n";
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        SlaveOutput output = new SlaveOutput(dripping(text), passed, Output.INHERIT, "test", "test-output");
        String expected = new String(text.getBytes(Charset.defaultCharset()), Charset.defaultCharset());
        assertThat(output.lastLines(LONG_MILLIS) + "\n").isEqualTo(expected);
        assertThat(passed.toByteArray()).isEqualTo(text.getBytes(Charset.defaultCharset()));
    }

    @Test
    void whatIsCutOffALongLineIsTold() {
        SlaveOutput output = new SlaveOutput(
                dripping("x".repeat(2005) + "\nshort\n"),
                new ByteArrayOutputStream(),
                Output.DISCARD,
                "test",
                "test-output");
        assertThat(output.lastLines(LONG_MILLIS)).isEqualTo("x".repeat(2000) + "... (5 more characters)\nshort");
    }
}
