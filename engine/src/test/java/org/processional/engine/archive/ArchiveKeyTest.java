// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveKeyTest {
    @TempDir
    Path folder;

    private Path home;
    private Path jar;

    @BeforeEach
    void makeFiles() throws IOException {
        home = folder.resolve("jdk");
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib").resolve("modules"), "all of the JDK");
        jar = Files.writeString(folder.resolve("a.jar"), "a jar");
    }

    private @Nullable ArchiveKey key(Object path, String... flags) {
        return ArchiveKey.of(home, 17, List.of(flags), List.of("-cp", path.toString(), "Main"), "unix");
    }

    private String name(String... flags) {
        ArchiveKey key = key(jar, flags);
        assertThat(key).isNotNull();
        return key.name();
    }

    @Test
    void theSameHasTheSameKey() {
        assertThat(name("-Xmx1g")).isEqualTo(name("-Xmx1g"));
    }

    @Test
    void anotherJarFlagTransportOrJdkHasAnother() throws IOException {
        String before = name();
        assertThat(name("-XX:+UseSerialGC")).isNotEqualTo(before);
        assertThat(ArchiveKey.of(home, 17, List.of(), List.of("-cp", jar.toString(), "Main"), "tcp"))
                .extracting(ArchiveKey::name)
                .isNotEqualTo(before);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
        String touched = name();
        assertThat(touched).isNotEqualTo(before);
        Files.writeString(home.resolve("lib").resolve("modules"), "all of a newer JDK");
        assertThat(name()).isNotEqualTo(touched);
    }

    @Test
    void propertiesAndLogsAreNoPartOfIt() {
        assertThat(name("-Da=b", "-Xlog:gc:file=x", "-verbose:class")).isEqualTo(name());
        assertThat(key(jar, "-Da=b", "-Xlog:gc:file=x", "-Xmx1g"))
                .extracting(ArchiveKey::flags)
                .isEqualTo(List.of("-Xmx1g"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-javaagent:x.jar",
                "-agentlib:jdwp=transport=dt_socket",
                "-Xshare:off",
                "-XX:SharedArchiveFile=x",
                "-XX:AOTCache=x",
                "--patch-module=a=b",
                "@file",
                "-Djava.system.class.loader=X"
            })
    void someFlagsForbidOne(String flag) {
        assertThat(key(jar, flag)).isNull();
    }

    @Test
    void foldersOfClassesForbidOne() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.writeString(classes.resolve("A.class"), "");
        assertThat(key(jar + java.io.File.pathSeparator + classes)).isNull();
        assertThat(key(folder.resolve("missing.jar"))).isNull();
        Path jars = Files.createDirectories(folder.resolve("jars"));
        assertThat(key(jars)).isNull();
        Files.copy(jar, jars.resolve("a.jar"));
        assertThat(key(jars)).isNotNull();
    }

    @Test
    void theKindIsThatOfTheVersion() {
        assertThat(ArchiveKind.of(0)).isNull();
        assertThat(ArchiveKind.of(11)).isNull();
        assertThat(ArchiveKind.of(17)).isEqualTo(ArchiveKind.APP_CDS);
        assertThat(ArchiveKind.of(24)).isEqualTo(ArchiveKind.APP_CDS);
        assertThat(ArchiveKind.of(25)).isEqualTo(ArchiveKind.AOT_CACHE);
    }
}
