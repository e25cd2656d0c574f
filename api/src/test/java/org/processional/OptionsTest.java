// SPDX-License-Identifier: Apache-2.0
package org.processional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void secretsAreNotPrinted() {
        assertThat(ServeOptions.builder().secret("sesame").build().toString())
                .contains("name=server", "secret=")
                .doesNotContain("sesame");
        assertThat(ClientOptions.builder().secret("sesame").build().toString())
                .contains("secret=")
                .doesNotContain("sesame");
    }

    @Test
    void builderBeginsWithTheOptionsItWasMadeOf() {
        SlaveOptions options = SlaveOptions.builder().heap("1g").flags("-ea").build();
        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(SlaveOptions.defaults()).isEqualTo(SlaveOptions.builder().build());
    }

    @Test
    void aTransportMustFitTheAddress() {
        SlaveOptions.Builder both = SlaveOptions.builder().address("/tmp/s").transport("unix");
        assertThat(both.build().transport()).isEqualTo("unix");
        assertThatThrownBy(() -> both.transport("tcp").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"tcp\"")
                .hasMessageContaining("/tmp/s");
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThatThrownBy(() -> SlaveThreadOptions.builder().capacity(3).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity is 3");
        assertThatThrownBy(
                        () -> ServeOptions.builder().closeLimit(Duration.ZERO).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closeLimit");
        assertThatThrownBy(() -> SlaveOptions.builder().debug(70_000).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("70000");
    }
}
