// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.io.File;
import java.io.IOException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.ClientOptions;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;

/**
 * What is there as long as the soak goes on: a slave thread, a slave and a server over each transport, and a server that
 * lacks the classes of the soak.
 *
 * <p><b>Threads:</b> opened and closed by one; everything else from any thread.
 */
final class Stage implements AutoCloseable {
    private static final String SECRET = "soak";

    /** The soak looks for what is lost, not for what is late: a busy machine may take long for anything. */
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Enough for the largest values, and little enough for what is never released to be met. */
    private static final String HEAP = "96m";

    private final Ledger ledger;
    private final List<String> schemes;
    private final Path folder;
    private final Set<ProcessHandle> processes = ConcurrentHashMap.newKeySet(); // an id alone is soon another's
    private final List<SlaveProcess> slaves = new ArrayList<>(); // by scheme, as the two below; filled by open
    private final List<SlaveProcess> servers = new ArrayList<>();
    private final List<SlaveProcess> strangers = new ArrayList<>(); // one
    private final SlaveThread worker = Processional.slaveThread();

    /**
     * A stage on which nothing is yet.
     *
     * @param folder for files that steps need; nothing may stay in it
     */
    Stage(Ledger ledger, List<String> schemes, Path folder) {
        this.ledger = ledger;
        this.schemes = List.copyOf(schemes);
        this.folder = folder;
        processes.add(ProcessHandle.current());
    }

    /** Starts the processes; none without a transport. */
    void open() {
        for (String scheme : schemes) {
            slaves.add(started(Processional.slave(options(scheme).build())));
            servers.add(started(Processional.server(options(scheme).build())));
        }
        if (!schemes.isEmpty()) {
            strangers.add(started(Processional.server(options(schemes.get(0))
                    .modulePath(List.of())
                    .classPath(pathWithoutTheSoak())
                    .build())));
        }
    }

    /** Options for another process. */
    SlaveOptions.Builder options(String scheme) {
        return SlaveOptions.builder()
                .transport(scheme)
                .name("soak")
                .heap(HEAP)
                .startLimit(LONG)
                .closeLimit(LONG)
                .secret(SECRET);
    }

    /** Counts a process that was started. */
    SlaveProcess started(SlaveProcess process) {
        ledger.count(Ledger.Thing.SLAVE);
        ProcessHandle.of(process.pid()).ifPresent(processes::add);
        return process;
    }

    /** Connects to a server once more. */
    SlaveProcess connect(SlaveProcess server) {
        ledger.count(Ledger.Thing.CLIENT);
        return Processional.client(
                server.address(),
                ClientOptions.builder()
                        .secret(SECRET)
                        .connectLimit(LONG)
                        .closeLimit(LONG)
                        .build());
    }

    Ledger ledger() {
        return ledger;
    }

    Path folder() {
        return folder;
    }

    String scheme(Random random) {
        return schemes.get(random.nextInt(schemes.size()));
    }

    SlaveThread worker() {
        return worker;
    }

    SlaveProcess slave(Random random) {
        return slaves.get(random.nextInt(slaves.size()));
    }

    SlaveProcess server(Random random) {
        return servers.get(random.nextInt(servers.size()));
    }

    /** A slave or a server. */
    SlaveProcess process(Random random) {
        return random.nextBoolean() ? slave(random) : server(random);
    }

    SlaveProcess stranger() {
        return strangers.get(0);
    }

    /** The processes that know the classes of the soak, with what they are called in the balance. */
    List<Resident> residents() {
        List<Resident> all = new ArrayList<>();
        for (int i = 0; i < slaves.size(); i++) {
            all.add(new Resident("slave over " + schemes.get(i), slaves.get(i)));
        }
        for (int i = 0; i < servers.size(); i++) {
            all.add(new Resident("server over " + schemes.get(i), servers.get(i)));
        }
        return all;
    }

    /**
     * A process that lives as long as the soak.
     *
     * @param name what it is called in the balance
     * @param process the process
     */
    record Resident(String name, SlaveProcess process) {}

    /** This process and all that it started. */
    Set<ProcessHandle> processes() {
        return processes;
    }

    /** What is on the path of this process, but for the jar or folder that this class is in. */
    private static List<Path> pathWithoutTheSoak() {
        List<Path> path = new ArrayList<>();
        for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
            URI place = module.reference().location().orElse(null);
            if (place != null && "file".equals(place.getScheme())) {
                path.add(Path.of(place));
            }
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                path.add(Path.of(entry));
            }
        }
        path.removeIf(Stage::hasTheSoak);
        return path;
    }

    private static boolean hasTheSoak(Path entry) {
        URI own = URI.create(
                Stage.class.getProtectionDomain().getCodeSource().getLocation().toString());
        try {
            return Files.exists(entry) && Files.isSameFile(entry, Path.of(own));
        } catch (IOException e) {
            return false; // it cannot be looked at, so nothing is loaded from it
        }
    }

    @Override
    public void close() {
        worker.close();
        strangers.forEach(SlaveProcess::close);
        servers.forEach(SlaveProcess::close);
        slaves.forEach(SlaveProcess::close);
    }
}
