// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.spi.Address;

@Timeout(60)
final class SecretFileTest {
    @TempDir
    Path folder;

    private SecretFile file(String name) {
        return SecretFile.of(Address.parse("tcp://127.0.0.1:1?secret-file=" + folder.resolve(name)));
    }

    @Test
    void isMadeOnceAndForItsOwnerAlone() throws Exception {
        SecretFile file = file("made/by/use");
        String secret = file.read();
        assertThat(secret).hasSize(64);
        assertThat(file.read()).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file.path().getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.path().getParent())) {
            assertThat(files).containsExactly(file.path());
        }
        assertThat(file("other").read()).isNotEqualTo(secret);
    }

    @Test
    void manyWhoMakeItAtOnceAgree() throws Exception {
        for (int round = 0; round < 50; round++) {
            SecretFile file = file("race" + round);
            CyclicBarrier start = new CyclicBarrier(8);
            List<FutureTask<String>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                FutureTask<String> reader = new FutureTask<>(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return file.read();
                });
                readers.add(reader);
                new Thread(reader).start();
            }
            Set<String> secrets = new HashSet<>();
            for (FutureTask<String> reader : readers) {
                secrets.add(reader.get(30, TimeUnit.SECONDS));
            }
            assertThat(secrets).hasSize(1);
        }
    }

    @Test
    void whatOthersCanReadIsRefusedWithTheCure() throws Exception {
        SecretFile file = file("open");
        file.read();
        for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString(permissions));
            assertThatThrownBy(file::read)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining(permissions)
                    .hasMessageContaining("chmod 600 " + file.path());
        }
    }

    @Test
    void whatHoldsNoSecretIsRefused() throws Exception {
        SecretFile file = file("short");
        file.read();
        for (String content : List.of("", "sesame\n", "x".repeat(1001), "x".repeat(5000))) {
            Files.writeString(file.path(), content);
            assertThatThrownBy(file::read)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("16 to 1000");
        }
        Files.writeString(file.path(), "a secret by the user himself\n");
        assertThat(file.read()).isEqualTo("a secret by the user himself");
        assertThatThrownBy(() -> file("short/below").read())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("secret-file=PATH");
    }

    @Test
    void whoHasNoHomeIsToldWhatToSet() {
        for (String home : List.of("?", "")) {
            assertThatThrownBy(() -> SecretFile.folder(null, home))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("XDG_CONFIG_HOME")
                    .hasMessageContaining("secret-file=PATH");
            assertThat(SecretFile.folder("/x", home)).isEqualTo(Path.of("/x"));
        }
        assertThat(SecretFile.folder("x", "/home/me")).isEqualTo(Path.of("/home/me/.config"));
    }

    @Test
    void anInterruptFlagDoesNoHarm() {
        SecretFile file = file("flagged");
        Thread.currentThread().interrupt();
        String secret = file.read();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.read()).isEqualTo(secret);
    }
}
