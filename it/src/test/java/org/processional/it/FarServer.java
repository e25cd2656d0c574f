// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.serve;

import java.time.Duration;
import org.processional.Server;

/** Serves at an address of {@code netns.sh}, until its client stops it. */
final class FarServer {
    private FarServer() {}

    public static void main(String[] arguments) {
        try (Server server = serve(arguments[0])) {
            System.out.println("listening at " + server.address());
            if (!server.await(Duration.ofSeconds(60))) {
                throw new IllegalStateException("nobody stopped the server");
            }
        }
    }
}
