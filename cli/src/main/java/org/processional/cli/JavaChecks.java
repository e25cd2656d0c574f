// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.processional.Processional.slave;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveProcess;
import org.processional.spi.CodecProvider;
import org.processional.spi.EngineProvider;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/**
 * What Processional needs of the JVM and of its path, and whether it works in the end.
 *
 * <p><b>Threads:</b> stateless.
 */
final class JavaChecks {
    static final List<Function<Machine, Finding>> ALL = List.of(
            JavaChecks::java,
            JavaChecks::modules,
            JavaChecks::transports,
            JavaChecks::jnr,
            JavaChecks::archives,
            JavaChecks::slaveStarts);

    private static final int WITH_AOT = 25;

    private JavaChecks() {}

    private static Finding java(Machine machine) {
        return Finding.ok("Java", Runtime.version() + " at " + System.getProperty("java.home"));
    }

    private static Finding modules(Machine machine) {
        List<Throwable> failures = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        look(EngineProvider.class, "processional-engine", failures, missing);
        look(CodecProvider.class, "processional-codec-jboss", failures, missing);
        look(Transport.class, "processional-transport-unix", failures, missing);
        String cure = "put all artifacts of one version on the path, with what they depend on";
        if (!missing.isEmpty()) {
            return Finding.lost("modules", "not on the path: " + String.join(", ", missing), cure);
        } else if (!failures.isEmpty()) {
            return Finding.lost(
                    "modules",
                    "some do not load: "
                            + failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")),
                    cure);
        }
        return Finding.ok("modules", "engine, codecs and transports load");
    }

    private static <S> void look(Class<S> service, String artifact, List<Throwable> failures, List<String> missing) {
        Providers.Found<S> found = Providers.find(service);
        failures.addAll(found.failures());
        if (found.providers().isEmpty()) {
            missing.add(artifact);
        }
    }

    private static Finding transports(Machine machine) {
        List<String> working = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Transport transport : Providers.find(Transport.class).providers()) {
            String reason = transport.scheme().equals("shm") && !machine.has("ramdisk")
                    ? "no RAM disk"
                    : transport.unavailable().orElse(null);
            if (reason == null) {
                working.add(transport.scheme());
            } else {
                others.add(transport.scheme() + " (" + reason + ")");
            }
        }
        if (others.isEmpty() && !working.isEmpty()) {
            return Finding.ok("transports", String.join(", ", working));
        }
        return Finding.lost(
                "transports",
                "working: " + working + "; not: " + String.join(", ", others),
                "see the findings on RAM disk, temporary folder and loopback; `processional transports` has more");
    }

    private static Finding jnr(Machine machine) {
        String name = "jnr-unixsocket";
        try {
            if (machine.has("jnr")) {
                Class.forName("jnr.unixsocket.UnixSocketChannel");
                return Finding.ok(name, "here, for abstract addresses such as unix:@name");
            }
        } catch (ClassNotFoundException e) {
            return notHere(name);
        }
        return notHere(name);
    }

    private static Finding notHere(String name) {
        return Finding.note(
                name,
                "not loaded in this JVM: abstract addresses (unix:@name) cannot be used; paths need none of it",
                "--add-modules org.jnrproject.unixsocket,org.objectweb.asm; bin/processional does so where an address"
                        + " begins with unix:@");
    }

    private static Finding archives(Machine machine) {
        return archives(
                machine,
                cacheFolder(
                        System.getProperty("processional.cache"),
                        System.getenv("XDG_CACHE_HOME"),
                        System.getProperty("user.home", "")));
    }

    static Finding archives(Machine machine, Path folder) {
        String name = "archives";
        boolean on = !"false".equalsIgnoreCase(System.getProperty("processional.archives"));
        String kind = Runtime.version().feature() >= WITH_AOT ? "ahead-of-time caches" : "archives of class data";
        if (!on || !machine.has("archives")) {
            return Finding.note(
                    name,
                    "switched off: slaves start without " + kind + ", and take longer",
                    "leave -Dprocessional.archives=false out");
        }
        String cure = "choose another folder with -Dprocessional.cache=FOLDER, or XDG_CACHE_HOME";
        if (!folder.isAbsolute()) {
            return Finding.note(
                    name, "this user has no home: slaves start without " + kind + ", and take longer", cure);
        }
        Path existing = folder;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isDirectory(existing) && Files.isWritable(existing)
                ? Finding.ok(name, kind + " in " + folder.resolve("archives"))
                : Finding.note(
                        name,
                        existing + " cannot be written: slaves start without " + kind + ", and take longer",
                        cure);
    }

    private static Path cacheFolder(@Nullable String property, @Nullable String xdg, String home) {
        if (property != null && !property.isEmpty()) {
            return Path.of(property).toAbsolutePath();
        }
        return (xdg != null && xdg.startsWith("/") ? Path.of(xdg) : Path.of(home, ".cache")).resolve("processional");
    }

    /** The whole, once. */
    private static Finding slaveStarts(Machine machine) {
        long start = System.nanoTime();
        try (SlaveProcess slave = slave()) {
            int feature = slave.invoke(() -> Runtime.version().feature());
            double seconds = (System.nanoTime() - start) / 1e9;
            String scheme = slave.address().substring(0, slave.address().indexOf(':'));
            return Finding.ok(
                    "a slave",
                    String.format(
                            Locale.ROOT,
                            "started over %s and ran a function on Java %d, in %.2f s",
                            scheme,
                            feature,
                            seconds));
        } catch (RuntimeException e) {
            return Finding.lost("a slave", "does not start: " + e.getMessage(), "mend what is named there and above");
        }
    }
}
