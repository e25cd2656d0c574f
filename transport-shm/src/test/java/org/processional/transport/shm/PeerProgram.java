// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.processional.spi.Address;
import org.processional.spi.Listener;

/** What the other JVM of a test does. */
final class PeerProgram {
    private static final Duration LONG = Duration.ofSeconds(60);

    private PeerProgram() {}

    public static void main(String[] arguments) throws IOException {
        ShmTransport transport = new ShmTransport();
        switch (arguments[0]) {
            case "traffic" -> traffic(transport, arguments);
            case "babble" -> babble(transport, arguments);
            case "fulldisk" -> fullDisk(transport, Path.of(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Connects, and sends in one thread while it receives in another. */
    private static void traffic(ShmTransport transport, String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[2]);
        int frames = Integer.parseInt(arguments[3]);
        try (ShmConnection connection = (ShmConnection) transport.connect(Address.parse(arguments[1]), LONG)) {
            Background<Long> sender = Background.start(() -> Traffic.send(connection, seed, frames));
            System.out.println("received " + Traffic.receive(connection, seed + 2, frames, false));
            System.out.println("sent " + sender.result());
            connection.receive((frame, owned) -> {}, LONG); // until the other end has seen all and closes
        } catch (java.io.EOFException e) {
            System.out.println("end");
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Connects and sends, without end, patterns of all sizes from three threads, until it is killed. */
    private static void babble(ShmTransport transport, String[] arguments) throws IOException {
        ShmConnection connection = (ShmConnection) transport.connect(Address.parse(arguments[1]), LONG);
        for (int i = 0; i < 2; i++) {
            Background.start(() -> {
                for (int size = 0; ; size = (size + 7) % 1000) {
                    ByteBuffer claimed = connection.claim(size);
                    if (claimed != null) {
                        connection.commit(claimed.put(Pair.pattern(size, false)));
                    }
                }
            });
        }
        System.out.println("babbling");
        for (int size = 0; ; size = (size + 7_919) % 200_000) {
            connection.send(Pair.pattern(size, false));
            connection.flush();
        }
    }

    private static void fullDisk(ShmTransport transport, Path disk) throws IOException {
        Address address = Address.parse("shm:" + disk.resolve("socket"));
        try (Listener listener = transport.listen(address)) {
            System.out.println("listening");
            transport.connect(address, Duration.ZERO);
        } catch (IOException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        String[] left = Objects.requireNonNull(new File(disk.toString()).list());
        System.out.println("left behind: " + left.length);
    }
}
