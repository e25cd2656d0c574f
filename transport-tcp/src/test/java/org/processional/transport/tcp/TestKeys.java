// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Key stores made by keytool, each with one key. They serve as trust stores too, of its certificate: the page on security
 * makes stores for that, and is tested by itself.
 */
final class TestKeys {
    private static final String PASSWORD = "a test's password";

    private final Path folder;

    TestKeys(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    /** Makes a key. */
    TestKeys make(String name, String... options) throws Exception {
        List<String> generate = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-keyalg", "EC"));
        generate.addAll(List.of("-dname", "CN=" + name, "-keystore", name + ".p12", "-storetype", "PKCS12"));
        generate.addAll(List.of(options));
        generate.addAll(List.of("-storepass:file", "password"));
        generate.add(
                0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        run(folder, generate);
        return this;
    }

    static void run(Path folder, List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(line + "\n" + output).isZero();
    }

    /** The options of an end that has one key and trusts another. */
    String options(String own, String trusted) {
        return "?tls=true&key-store=" + folder.resolve(own + ".p12") + "&trust-store="
                + folder.resolve(trusted + ".p12") + "&password-file=" + folder.resolve("password");
    }
}
