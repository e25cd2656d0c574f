// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

/** What the other JVM of a test does. */
final class PeerProgram {
    private static final Duration LONG = Duration.ofSeconds(60);

    private PeerProgram() {}

    public static void main(String[] arguments) throws IOException {
        Address address = Address.parse(arguments[1]);
        UnixTransport transport = new UnixTransport();
        switch (arguments[0]) {
            case "listen" -> listen(transport, address);
            case "race" -> race(transport, address);
            case "connect" -> connect(transport, address);
            case "roundtrip" -> roundTrip(transport, address);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Listens, sends two frames and the beginning of a third to the first client, and waits to be killed. */
    private static void listen(UnixTransport transport, Address address) throws IOException {
        UnixListener listener = transport.listen(address);
        System.out.println("listening");
        ChannelConnection connection = listener.accept(LONG);
        for (int i = 0; connection != null && i < 2; i++) {
            connection.send(ByteBuffer.allocate(100));
        }
        if (connection != null) {
            connection.flush();
            connection.offer(ByteBuffer.allocate(10 << 20));
        }
        System.out.println("sent");
        System.in.read();
    }

    /** Waits for the signal, tries to listen, tells whether it succeeded, and holds on until it is killed. */
    private static void race(UnixTransport transport, Address address) throws IOException {
        new UnixTransport().openWaitSet().close(); // loads what is needed, so that the race is a close one
        System.out.println("ready");
        System.in.read();
        try {
            transport.listen(address);
            System.out.println("won");
        } catch (IOException e) {
            System.out.println(e.getMessage().startsWith("address in use") ? "lost" : e.toString());
        }
        System.in.read();
        System.in.read();
    }

    private static void connect(UnixTransport transport, Address address) throws IOException {
        try (ChannelConnection connection = transport.connect(address, LONG)) {
            System.out.println("connected");
            connection.receive((frame, owned) -> System.out.println("frame"), LONG);
        } catch (IOException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static void roundTrip(UnixTransport transport, Address address) {
        try (UnixListener listener = transport.listen(address);
                ChannelConnection client = transport.connect(address, LONG);
                ChannelConnection server = listener.accept(LONG)) {
            client.send(ByteBuffer.allocate(7));
            client.flush();
            server.receive((frame, owned) -> System.out.println("frame of " + frame.remaining()), LONG);
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
