// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The inputs that once were findings: a folder for each target, a file for each input, named for what it did.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Regressions {
    private Regressions() {}

    /** An input. */
    record Input(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Input> of(Target target) throws IOException {
        URL folder = Regressions.class.getResource("/regressions/" + target.name());
        if (folder == null) {
            return List.of();
        }
        List<Input> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(new Input(file.getFileName().toString(), Files.readAllBytes(file)));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        return inputs;
    }
}
