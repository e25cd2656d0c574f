// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.processional.ConnectionException;
import org.processional.spi.Address;
import org.processional.transport.shm.ShmAddresses;
import org.processional.transport.tcp.TcpAddresses;
import org.processional.transport.unix.UnixAddresses;

/** Addresses: the general form, and what each transport makes of them. What an address prints is the same address. */
final class AddressTarget implements Target {
    @Override
    public String name() {
        return "address";
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "/tmp/server",
                        "localhost:4711",
                        "unix:/tmp/server?provider=jdk",
                        "unix:@name",
                        "unix:relative/path",
                        "tcp://[::1]:0?plaintext=allowed",
                        "tcp://host.example:65535?tls=on&secretFile=/etc/secret",
                        "shm:/dev/shm/x?ring=65536",
                        "shm:name",
                        "mem:name")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void run(byte[] input) {
        Address address;
        try {
            address = Address.parse(new String(input, StandardCharsets.UTF_8));
        } catch (ConnectionException e) {
            return;
        }
        Address again = Address.parse(address.toString());
        if (!again.equals(address)) {
            throw new AssertionError(address + " is read as " + again);
        }
        read(ShmAddresses::read, address);
        read(TcpAddresses::read, address);
        read(UnixAddresses::read, address);
    }

    private interface Reader {
        void read(Address address) throws IOException;
    }

    private static void read(Reader reader, Address address) {
        try {
            reader.read(address);
        } catch (IOException | ConnectionException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
        }
    }
}
