// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.processional.ClientOptions;
import org.processional.Limits;
import org.processional.Proxy;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** What {@code docs/servers.md} shows, and other pages of servers. */
final class ServersGuide {
    private ServersGuide() {}

    static int spawned(String address) {
        try (SlaveProcess process = server(address)) { // a JVM of its own; this program is its first client
            process.wrap("log", () -> new ArrayList<String>()); // the name holds the object
            return other(address);
        } // the last client leaves: the server ends
    }

    private static int other(String address) {
        try (SlaveProcess process = client(address)) { // in another program
            Proxy<List<String>> log = process.named("log");
            log.run(list -> list.add("hello"));
            return log.call(list -> list.size());
        }
    }

    static int here(String address) {
        ServeOptions options =
                ServeOptions.builder().name("accounts").credits(100).build();
        try (Server server = serve(address, options);
                SlaveProcess process = client(address)) {
            process.invoke(() -> System.getProperties().setProperty("account", "open")); // runs in this JVM
            return server.clients();
        }
    }

    static Optional<Integer> persistent(SlaveOptions options) throws InterruptedException {
        try (SlaveProcess process = server(options)) {
            process.persist(); // it outlives its last client
            process.stop(); // until it is asked to end
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (process.exitCode().isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
            return process.exitCode();
        }
    }

    static ServeOptions limited() {
        ServeOptions options = ServeOptions.builder()
                .limits(Limits.builder()
                        .connections(100)
                        .exports(10_000)
                        .threads(50)
                        .build())
                .build();
        return options;
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static long sum(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).sum();
    }

    /** On {@code docs/travelling-code.md}. */
    static long travelling(String address) {
        try (SlaveProcess server = client(address)) {
            return server.invoke(() -> sum(range(1_000_000))); // the class of this lambda goes there, with what it uses
        }
    }

    static ClientOptions patient() {
        return ClientOptions.builder()
                .connectLimit(Duration.ofSeconds(30)) // the server may take that long to appear
                .build();
    }
}
