// SPDX-License-Identifier: Apache-2.0
package org.processional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public type of the modules that others compile against says since when it is there. */
class SinceTest {
    private static final Pattern PUBLIC = Pattern.compile(
            "^public (?:abstract |final |sealed |non-sealed )*(?:class|interface|record|enum|@interface) ",
            Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "../tck/src/main/java"})
    void everyPublicTypeHasIt(String sources) throws IOException {
        List<Path> without = new ArrayList<>();
        int types = 0;
        try (Stream<Path> all = Files.walk(Path.of(sources))) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file);
                var type = PUBLIC.matcher(text);
                if (type.find()) {
                    types++;
                    if (!text.substring(0, type.start()).contains("\n * @since 0.")) {
                        without.add(file);
                    }
                }
            }
        }
        assertThat(types).isGreaterThan(10);
        assertThat(without).as("add @since with the version to come").isEmpty();
    }
}
