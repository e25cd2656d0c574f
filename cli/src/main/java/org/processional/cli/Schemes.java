// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.util.ArrayList;
import java.util.List;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Checks the transports that a command line names.
 *
 * <p><b>Threads:</b> stateless.
 */
public final class Schemes {
    private Schemes() {}

    /**
     * Requires that there is a transport of each name.
     *
     * @throws ParameterException if there is no transport of a name, or no name
     */
    public static void requireKnown(CommandSpec spec, List<String> named) {
        List<String> known = Providers.find(Transport.class).providers().stream()
                .map(Transport::scheme)
                .sorted()
                .toList();
        List<String> unknown = new ArrayList<>(named);
        unknown.removeAll(known);
        if (!unknown.isEmpty() || named.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no transport " + String.join(", ", unknown) + "; there are " + known);
        }
    }
}
