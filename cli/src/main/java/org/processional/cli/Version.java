// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/**
 * The version, from the manifest of the jar.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        String version = fromManifest();
        return new String[] {
            "processional " + (version == null ? "(run from class files, version unknown)" : version),
            "JVM " + Runtime.version()
        };
    }

    static @Nullable String fromManifest() throws IOException {
        if (!Version.class.getModule().isNamed()) {
            return Version.class.getPackage().getImplementationVersion();
        }
        // a package of a named module never has a version
        try (InputStream in = Version.class.getModule().getResourceAsStream("META-INF/MANIFEST.MF")) {
            return in == null
                    ? null
                    : new Manifest(in).getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }
    }
}
