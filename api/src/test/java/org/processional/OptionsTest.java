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

    @Test
    void aSecretIsOneOrLeftOut() {
        assertThatThrownBy(() -> SlaveOptions.builder().secret("").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret has 0 characters");
        assertThatThrownBy(() -> ServeOptions.builder().secret("s".repeat(1001)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret has 1001 characters");
        assertThatThrownBy(() -> ClientOptions.builder().secret("").build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ClientOptions.builder().secret("s".repeat(1000)).build().secret())
                .hasSize(1000);
    }

    @Test
    void patternsAndLimitsAreChecked() {
        assertThatThrownBy(() -> ServeOptions.builder()
                        .filter("org.example.*;maxdepth=deep")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("filter is \"org.example.*;maxdepth=deep\"");
        assertThatThrownBy(() -> ClientOptions.builder().filter(" ").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("filter is empty");
        assertThatThrownBy(() -> Limits.builder().exports(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exports is 0");
        assertThatThrownBy(() -> SlaveOptions.builder().nice(20).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nice is 20");
        Limits limits = Limits.builder().connections(7).shippedBytes(8).build();
        assertThat(limits.toBuilder().build()).isEqualTo(limits);
    }

    /** A pattern of names says nothing about classes that the client itself brings. */
    @Test
    void codeOfOthersIsOffBesideAFilter() {
        assertThat(ServeOptions.defaults().code()).isTrue();
        assertThat(ServeOptions.defaults().toBuilder().filter("!*").build().code())
                .isFalse();
        assertThat(ServeOptions.builder().filter("!*").code(true).build().code())
                .isTrue();
        assertThat(SlaveOptions.builder().filter("!*").build().code()).isFalse();
        ServeOptions functions =
                ServeOptions.builder().function("one", arguments -> 1).build();
        assertThat(functions.code()).isFalse();
        assertThat(functions.toBuilder().build()).isEqualTo(functions);
        assertThatThrownBy(() -> functions.toBuilder().code(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[one]");
    }
}
