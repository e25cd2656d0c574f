// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.export;
import static org.processional.Processional.exports;
import static org.processional.Processional.serve;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.Export;
import org.processional.Proxy;
import org.processional.Server;
import org.processional.SlaveProcess;

/** What is longer than a frame may be fails alone, in both directions: in memory a frame has at most 16 MiB. */
@Timeout(60)
class FrameLimitTest {
    private static final int LONG = 17 << 20;
    private static final String SIZE_AND_LIMIT = "a message of 1[78][0-9]{6} bytes or more .*16777216 is the limit";

    private static String text(int length) {
        return "x".repeat(length);
    }

    @ParameterizedTest
    @CsvSource({"mem, river", "mem-plain, serial"})
    void aFunctionThatIsTooLongFailsAlone(String scheme, String codec) {
        String text = text(LONG);
        try (Server server = serve(scheme + ":too-long-a-function-" + codec);
                SlaveProcess client = client(
                        server.address(), ClientOptions.builder().codec(codec).build())) {
            assertThatThrownBy(() -> client.<Integer, RuntimeException>invoke(() -> text.length()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageFindingMatch(SIZE_AND_LIMIT);
            assertThatThrownBy(() -> client.schedule(() -> text.length()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageFindingMatch(SIZE_AND_LIMIT);
            assertThat(client.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"mem, river", "mem-plain, serial"})
    void aResultThatIsTooLongFailsAlone(String scheme, String codec) {
        try (Server server = serve(scheme + ":too-long-a-result-" + codec);
                SlaveProcess client = client(
                        server.address(), ClientOptions.builder().codec(codec).build())) {
            assertThatThrownBy(() -> client.<String, RuntimeException>invoke(() -> text(LONG)))
                    .isInstanceOf(CodecException.class)
                    .hasMessageFindingMatch(SIZE_AND_LIMIT);
            assertThat(client.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    /** At some of these lengths the body has room, and the number of the proxy behind it has none. */
    @ParameterizedTest
    @CsvSource({"mem, river", "mem-plain, serial"})
    void aProxyInWhatIsTooLongIsNotCounted(String scheme, String codec) {
        try (Server server = serve(scheme + ":too-long-with-a-proxy-" + codec);
                SlaveProcess client = client(
                        server.address(), ClientOptions.builder().codec(codec).build());
                Proxy<String> proxy = export("kept")) {
            int failures = 0;
            for (int length = 16 << 20; !travels(client, proxy, text(length)); length -= 4) {
                failures++;
                assertThat(holders("kept")).as("with %d characters", length).hasSize(1);
            }
            assertThat(failures).isGreaterThan(Long.BYTES);
        }
    }

    private static boolean travels(SlaveProcess to, Proxy<String> proxy, String text) {
        try {
            to.<Integer, RuntimeException>invoke(() -> proxy.get().length() + text.length());
            return true;
        } catch (CodecException e) {
            assertThat(e).hasMessageFindingMatch("a message of [0-9]{8} bytes or more is too long");
            return false;
        }
    }

    private static List<Export.Holder> holders(String object) {
        List<Export.Holder> holders = new ArrayList<>();
        for (Export export : exports()) {
            if (export.type().equals(object.getClass().getName())) {
                holders.addAll(export.holders());
            }
        }
        return holders;
    }
}
