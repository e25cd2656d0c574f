// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.processional.CodecException;
import org.processional.ConnectionException;

class AddressTest {
    @Test
    void shortFormsAreCompleted() {
        assertThat(Address.parse("/tmp/s")).isEqualTo(new Address("unix", "/tmp/s", Map.of()));
        assertThat(Address.parse("localhost:80")).isEqualTo(new Address("tcp", "//localhost:80", Map.of()));
        assertThat(Address.parse("UNIX:@name").toString()).isEqualTo("unix:@name");
    }

    @Test
    void optionsAreReadAndWritten() {
        Address address = Address.parse("unix:/tmp/s?provider=jnr&x=1");
        assertThat(address.options()).containsExactly(Map.entry("provider", "jnr"), Map.entry("x", "1"));
        assertThat(Address.parse(address.toString())).isEqualTo(address);
    }

    @Test
    void whatIsNoAddressIsRefusedByName() {
        for (String text : new String[] {"", "nonsense", "unix:", ":x", "a b:c", "unix:/s?novalue", "?:5"}) {
            assertThatThrownBy(() -> Address.parse(text))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("\"");
        }
    }

    @Test
    void stringsAndSizesOfFramesAreReadAsTheyWereWritten() {
        FrameOutput out = new FrameOutput(16, 1000);
        int[] sizes = {0, 127, 128, 16_383, 16_384, Integer.MAX_VALUE};
        for (int size : sizes) {
            out.putSize(size);
        }
        out.putString("");
        out.putString("plain \u00e9");
        out.putString("wide \u20ac");
        ByteBuffer frame = out.frame();
        for (int size : sizes) {
            assertThat(FrameOutput.readSize(frame)).isEqualTo(size);
        }
        assertThat(FrameOutput.readString(frame)).isEmpty();
        assertThat(FrameOutput.readString(frame)).isEqualTo("plain \u00e9");
        assertThat(FrameOutput.readString(frame)).isEqualTo("wide \u20ac");
        assertThatThrownBy(() -> FrameOutput.readString(frame)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> out.put(new byte[2000], 0, 2000))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("1000");
    }
}
