// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.time.Duration;
import java.util.Map;
import org.processional.Limits;
import org.processional.NamedCall;
import org.processional.Restart;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** What pages show that needs certificates, an address of its own or a class of the user: compiled, and not run. */
final class OptionsGuide {
    private OptionsGuide() {}

    private static int work() {
        return 1;
    }

    static void restart() {
        SlaveOptions options = SlaveOptions.builder()
                .initialClass("com.acme.Warm")
                .restart(Restart.atMost(3, Duration.ofMinutes(1)))
                .build();
        try (SlaveProcess process = slave(options)) {
            process.invoke(() -> work());
        }
    }

    static Server filtered() {
        Server server = serve(
                "unix:/tmp/orders",
                ServeOptions.builder()
                        .filter("org.example.orders.**;java.base/*;maxdepth=50;maxarray=100000;!*")
                        .build());
        return server;
    }

    static Server named(Map<String, Integer> prices) {
        Server server = serve(
                "tcp://0.0.0.0:4711?tls=true&...",
                ServeOptions.builder()
                        .function("price", arguments -> prices.get((String) arguments[0]))
                        .filter("java.base/*;!*")
                        .limits(Limits.builder()
                                .connections(100)
                                .threads(10)
                                .exports(1000)
                                .build())
                        .build());
        return server;
    }

    static int price(SlaveProcess process) throws Exception {
        int price = process.<Integer, Exception>invoke(NamedCall.of("price", "tea"));
        return price;
    }
}
