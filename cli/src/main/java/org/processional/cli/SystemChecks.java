// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Processional needs of the system.
 *
 * <p><b>Threads:</b> stateless.
 */
final class SystemChecks {
    static final List<Function<Machine, Finding>> ALL = List.of(
            SystemChecks::ramDisk,
            SystemChecks::temporaryFolder,
            SystemChecks::setsid,
            SystemChecks::processes,
            SystemChecks::descriptors,
            SystemChecks::loopback,
            SystemChecks::processors,
            SystemChecks::cgroups);

    private static final Path RAM_DISK = Path.of("/dev/shm");
    private static final long ENOUGH_RAM_DISK = 64L << 20; // what large values of one connection may take
    private static final long FEW_DESCRIPTORS = 1024;
    private static final int LONGEST_SOCKET = 106;
    private static final int OF_SOCKET_NAME = 40; // processional-USER/PID-COUNT-RANDOM

    private SystemChecks() {}

    private static Finding ramDisk(Machine machine) {
        String name = "RAM disk";
        if (!machine.has("ramdisk") || !Files.isDirectory(RAM_DISK)) {
            return Finding.lost(
                    name,
                    "there is no " + RAM_DISK
                            + ": no transport shm, the fastest one, and shared memory lies in files of"
                            + " the temporary folder, which the system may write to disk",
                    "mount one: mount -t tmpfs tmpfs " + RAM_DISK + "; in a container, --ipc or a tmpfs volume");
        } else if (!Files.isWritable(RAM_DISK)) {
            return Finding.lost(
                    name,
                    RAM_DISK + " cannot be written: no transport shm, and shared memory lies in the temporary folder",
                    "chmod 1777 " + RAM_DISK);
        }
        long free = RAM_DISK.toFile().getUsableSpace();
        String words = RAM_DISK + " with " + mebibytes(free) + " free";
        return free >= ENOUGH_RAM_DISK
                ? Finding.ok(name, words)
                : Finding.note(
                        name,
                        words + ", little for large values and shared memory; what finds no room goes in frames",
                        "make room, or give it more: docker run --shm-size=1g, mount -o remount,size=1g " + RAM_DISK);
    }

    private static Finding temporaryFolder(Machine machine) {
        String name = "temporary folder";
        Path folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Finding.lost(
                    name,
                    folder + " cannot be written: slaves have no place for their sockets",
                    "make it writable, or choose another one with -Djava.io.tmpdir=FOLDER");
        } else if (folder.toString().length() + OF_SOCKET_NAME > LONGEST_SOCKET) {
            return Finding.lost(
                    name,
                    folder + " is too long for sockets, whose whole path has at most " + LONGEST_SOCKET + " bytes",
                    "choose a shorter one with -Djava.io.tmpdir=FOLDER");
        }
        return Finding.ok(name, folder.toString());
    }

    private static Finding setsid(Machine machine) {
        Optional<Path> program = machine.program("setsid");
        return program.map(path -> Finding.ok("setsid", path.toString()))
                .orElseGet(() -> Finding.lost(
                        "setsid",
                        "not found: slaves still end with their master, but what they started may outlive them, and"
                                + " Ctrl-C in a terminal reaches slaves as well",
                        "install util-linux (or busybox), in /usr/bin, /bin or /usr/local/bin"));
    }

    private static Finding processes(Machine machine) {
        return machine.read(Path.of("/proc/self/stat")).isPresent()
                ? Finding.ok("/proc", "tells of processes")
                : Finding.lost(
                        "/proc",
                        "cannot be read: files of processes that were killed are not recognized, and stay",
                        "mount it: mount -t proc proc /proc");
    }

    private static Finding descriptors(Machine machine) {
        String name = "open files";
        Matcher limit = Pattern.compile("Max open files +([0-9]+|unlimited)")
                .matcher(machine.read(Path.of("/proc/self/limits")).orElse(""));
        if (!limit.find()) {
            return Finding.note(name, "their limit is not told", "ask the shell: ulimit -n");
        }
        String most = limit.group(1);
        String[] open = new File("/proc/self/fd").list();
        String words = (open == null ? "some" : open.length) + " of " + most + " used";
        return most.equals("unlimited") || Long.parseLong(most) >= FEW_DESCRIPTORS
                ? Finding.ok(name, words)
                : Finding.note(
                        name,
                        words + "; a connection takes up to 6, a segment of shared memory 1",
                        "raise the limit: ulimit -n 4096");
    }

    private static Finding loopback(Machine machine) {
        String name = "loopback";
        String cure = "bring it up (ip link set lo up), or let the firewall pass 127.0.0.1; unix and shm need none";
        if (!machine.has("loopback")) {
            return Finding.lost(name, "127.0.0.1 does not answer: no transport tcp on this host", cure);
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            return Finding.ok(name, "127.0.0.1 answers, " + (client.isConnected() ? "connected" : "not connected"));
        } catch (IOException e) {
            return Finding.lost(
                    name, "127.0.0.1 does not answer (" + e.getMessage() + "): no transport tcp here", cure);
        }
    }

    private static Finding processors(Machine machine) {
        int count = Runtime.getRuntime().availableProcessors();
        return count > 1
                ? Finding.ok("processors", count + " for this JVM")
                : Finding.note(
                        "processors",
                        "1 for this JVM: who waits parks at once, and each call costs two wake-ups",
                        "give it two, for example docker run --cpus=2, or -XX:ActiveProcessorCount=2 if there are more");
    }

    private static Finding cgroups(Machine machine) {
        String name = "cgroups";
        if (!machine.has("cgroups") || !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            return Finding.note(
                    name,
                    "no cgroup v2 here: the memory and processors of a slave cannot be limited by the system; the option"
                            + " heap limits its heap",
                    "boot with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or limit by heap alone");
        }
        String own = machine.read(Path.of("/proc/self/cgroup"))
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("0::")).findFirst())
                .map(line -> line.substring("0::".length()).strip())
                .orElse("/");
        Path folder = Path.of("/sys/fs/cgroup" + own);
        return Files.isWritable(folder)
                ? Finding.ok(name, "v2, own group " + own + " can be written")
                : Finding.note(
                        name,
                        "v2, but the own group " + own + " cannot be written: slaves cannot be limited by it",
                        "run in a group of your own: systemd-run --user --scope -p Delegate=yes COMMAND");
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
