// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.processional.CodecException;
import org.processional.engine.filter.Filter;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/** What comes aside is refused before it is copied. */
class LargeValuesFilterTest {
    private final Flights flights = new Flights();
    private final LargeValues sender = new LargeValues(LargeValues::answer, flights, InputFilter.none());

    private ByteBuffer sent(Object array) {
        FrameOutput out = new FrameOutput(64, 255);
        assertThat(sender.write(array, out)).isTrue();
        return out.frame();
    }

    @Test
    void anArrayThatIsTooLongIsRefusedAndItsMemoryIsFreeAgain() {
        for (String limit : new String[] {"maxarray=100000", "maxbytes=500000"}) {
            LargeValues receiver = new LargeValues(LargeValues::answer, flights, Filter.of(limit));
            ByteBuffer first = sent(new int[200_000]);
            String file = FrameOutput.readString(first.duplicate());
            assertThatThrownBy(() -> receiver.read(first))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining(limit)
                    .hasMessageContaining("of class int[]")
                    .hasMessageContaining("200000 elements");
            ByteBuffer second = sent(new int[200_000]);
            assertThat(FrameOutput.readString(second.duplicate()))
                    .as("who refused has given it back")
                    .isEqualTo(file);
            assertThatThrownBy(() -> receiver.read(second)).isInstanceOf(CodecException.class);
            assertThat(receiver.read(sent(new int[90_000]))).isInstanceOf(int[].class);
            receiver.close();
        }
        sender.close();
        flights.close();
    }
}
