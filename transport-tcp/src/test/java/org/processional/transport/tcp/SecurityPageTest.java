// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

/** Runs the command lines of docs/security.md, and connects with the addresses below them. */
@Timeout(120)
final class SecurityPageTest {
    private static final Pattern BLOCKS = Pattern.compile("```sh\n(.*?)```\n\n```\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"### With keytool", "### With openssl"})
    void theCommandLinesMakeKeysThatConnect(String heading) throws Exception {
        String page = Files.readString(Path.of("../docs/security.md"));
        assertThat(page).contains(heading);
        Matcher blocks = BLOCKS.matcher(page.substring(page.indexOf(heading)));
        assertThat(blocks.find()).isTrue();
        String bin = Path.of(System.getProperty("java.home"), "bin").toString();
        TestKeys.run(folder, List.of("bash", "-euc", "PATH=" + bin + ":$PATH\n" + blocks.group(1)));
        TcpTransport transport = new TcpTransport();
        try (TcpListener listener = transport.listen(address(blocks.group(2), "server", 0));
                ChannelConnection client = transport.connect(
                        address(
                                blocks.group(2),
                                "client",
                                Integer.parseInt(listener.address().target().substring("//127.0.0.1:".length()))),
                        Ends.LONG);
                ChannelConnection server = listener.accept(Ends.LONG)) {
            Background<Integer> serving = Background.start(() -> server.receive((frame, owned) -> {}, Ends.LONG));
            Ends.send(client, ByteBuffer.allocate(10));
            assertThat(serving.result()).isEqualTo(1);
        }
    }

    private Address address(String block, String role, int port) throws IOException {
        for (String line : block.lines().toList()) {
            if (line.startsWith(role + ": ")) {
                return Address.parse(line.substring(role.length() + 2)
                        .replace(":4711", ":" + port)
                        .replaceAll("=([a-z-]+\\.(p12|pem)|password)", "=" + folder + "/$1"));
            }
        }
        throw new AssertionError("no address for the " + role + " in " + block);
    }
}
