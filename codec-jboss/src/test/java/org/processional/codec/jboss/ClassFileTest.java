// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFileTest {
    @TempDir
    Path folder;

    /** Defines a class as one that was shipped alone: its place is its file. */
    private static final class Shipping extends ClassLoader {
        Shipping() {
            super(null);
        }

        Class<?> define(String name, byte[] bytes, URL place) {
            CodeSource source = new CodeSource(place, (Certificate[]) null);
            return defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(source, null));
        }
    }

    @Test
    void theFileOfAClassThatWasShippedAloneIsFound() throws Exception {
        byte[] bytes;
        try (InputStream in = Samples.Point.class.getResourceAsStream("Samples$Point.class")) {
            bytes = in.readAllBytes();
        }
        Path file = Files.write(folder.resolve("0123-Samples.Point.class"), bytes);
        Class<?> shipped = new Shipping()
                .define(Samples.Point.class.getName(), bytes, file.toUri().toURL());
        assertThat(ClassFile.of(shipped).hash())
                .isNotEqualTo(ClassFile.UNKNOWN)
                .isEqualTo(ClassFile.of(Samples.Point.class).hash());
    }

    @Test
    void aPlaceThatIsNeitherArchiveNorClassIsNone() throws Exception {
        byte[] bytes;
        try (InputStream in = Samples.Point.class.getResourceAsStream("Samples$Point.class")) {
            bytes = in.readAllBytes();
        }
        Path file = Files.writeString(folder.resolve("text"), "something else");
        Class<?> shipped = new Shipping()
                .define(Samples.Point.class.getName(), bytes, file.toUri().toURL());
        assertThat(ClassFile.of(shipped).hash()).isEqualTo(ClassFile.UNKNOWN);
    }
}
