// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processional.Call;
import org.processional.engine.archive.ArchiveKey;
import org.processional.engine.archive.Archives;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.ProcessCalls;
import org.processional.spi.Address;
import org.processional.spi.Launcher;
import org.processional.spi.Transport;

/**
 * Makes an archive of class data by a rehearsal: a JVM that starts as a slave does, runs a function, and writes at its
 * end what it has loaded. No code of the user runs in it, neither the initial class nor agents. It has the lowest
 * priority, prints nothing, and ends with this process like a slave, though it is none.
 *
 * <p><b>Threads:</b> immutable; {@code train} is called by a thread that may wait.
 *
 * @param command what starts a slave; its flags are those of the key
 * @param key what the archive is for
 * @param orders what the slave was told that the archive is to be like
 * @param transport its transport
 * @param terms its terms
 */
record ArchiveTrainer(
        Launcher.Command command, ArchiveKey key, StartOrders orders, Transport transport, Handshake.Terms terms)
        implements Archives.Trainer {
    private static final Duration START = Duration.ofSeconds(30);
    private static final long WRITE_SECONDS = 60; // of a JVM at lowest priority
    private static final int NICE = 19;
    private static final int CALLS = 2;
    private static final long IDLE_MILLIS = 20;

    @Override
    public boolean train(Path file) throws IOException, InterruptedException {
        Address address = transport.freshAddressLike(orders.address());
        Process jvm = start(file);
        Guard.slave(jvm.pid());
        try {
            orders.forTraining(address).write(jvm.getOutputStream());
            if (!rehearse(jvm, address)) {
                return false;
            }
            boolean ended = jvm.waitFor(WRITE_SECONDS, TimeUnit.SECONDS);
            return ended && jvm.exitValue() == 0 && Files.exists(file) && Files.size(file) > 0;
        } finally {
            jvm.destroyForcibly();
            Guard.kill(jvm.pid()); // an ahead-of-time cache is written by a child of it
        }
    }

    private Process start(Path file) throws IOException {
        List<String> prefix = new ArrayList<>();
        if (Guard.SETSID != null) {
            prefix.add(Guard.SETSID);
        }
        if (Niceness.isAvailable()) {
            prefix.addAll(Niceness.words(NICE));
        }
        List<String> line = new ArrayList<>();
        line.add(command.line().get(0));
        line.addAll(key.flags());
        line.addAll(key.kind().making(file));
        line.addAll(key.paths());
        ArgumentFile arguments = ArgumentFile.of(prefix, line);
        ProcessBuilder builder = new ProcessBuilder(arguments.line())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        builder.environment()
                .keySet()
                .removeAll(EnvironmentOfSlave.FLAG_VARIABLES); // they are among the flags of the key
        Path folder = file.getParent();
        builder.directory(folder == null ? null : folder.toFile()); // the paths are absolute
        try {
            return builder.start();
        } catch (IOException e) {
            arguments.delete();
            throw e;
        }
    }

    /** Connects as a master does, and has a function run, twice. */
    private boolean rehearse(Process jvm, Address address) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        Link link = null;
        while (link == null) {
            try {
                link = Link.toTrainee(transport, address, terms, START);
            } catch (ConnectException e) {
                if (!jvm.isAlive() || System.nanoTime() - deadline >= 0) {
                    return false;
                }
            }
        }
        try {
            ProcessCalls calls = new ProcessCalls(link.peer(), START.toNanos(), this);
            String text = "processional";
            boolean right = true;
            for (int i = 0; i < CALLS; i++) {
                Thread.sleep(IDLE_MILLIS); // what a slave does while its master is not so quick is rehearsed too
                int length =
                        calls.<Integer, RuntimeException>invoke((Call<Integer, RuntimeException>) () -> text.length());
                right &= length == text.length();
            }
            return right;
        } finally {
            link.end(Duration.ZERO); // which ends the trainee
        }
    }
}
