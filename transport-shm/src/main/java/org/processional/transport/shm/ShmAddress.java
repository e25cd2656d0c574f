// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.processional.spi.Address;
import org.processional.spi.Transport;

/**
 * What an address of scheme {@code shm} says: where the socket is, and how large a ring who connects makes.
 *
 * @param address the address, absolute, for messages and for others
 * @param socket the address of the socket beside the rings
 * @param ringBytes bytes of each ring
 */
record ShmAddress(Address address, Address socket, int ringBytes) {
    static final String SCHEME = "shm";

    /** Large enough to stream at the full speed of the memory, small enough for the second-level cache. */
    static final int DEFAULT_RING_BYTES = 256 << 10;

    private static final String RING = "ring";
    private static final String NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    /**
     * Reads an address.
     *
     * @param sockets knows where the sockets of names are
     * @throws IOException if the address is neither a path nor a name, or has an unknown option
     */
    static ShmAddress of(Address address, Transport sockets) throws IOException {
        int ringBytes = ringBytes(address);
        String target = address.target();
        Path path = target.startsWith("/")
                ? path(address)
                : namesDirectory(address, sockets).resolve(name(address));
        return new ShmAddress(
                new Address(SCHEME, path.toString(), address.options()),
                new Address(sockets.scheme(), path.toString(), Map.of()),
                ringBytes);
    }

    private static Path path(Address address) throws IOException {
        try {
            return Path.of(address.target()).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("address \"" + address + "\" is no path of this system: " + e.getReason(), e);
        }
    }

    private static String name(Address address) throws IOException {
        String name = address.target();
        boolean good = !name.startsWith(".");
        for (int i = 0; i < name.length(); i++) {
            good &= NAME_CHARACTERS.indexOf(name.charAt(i)) >= 0;
        }
        if (!good) {
            throw new IOException("address \"" + address + "\" is neither an absolute path nor a name of letters,"
                    + " digits, '.', '_' and '-'; write for example shm:/tmp/server or shm:server");
        }
        return SCHEME + "-" + name;
    }

    /** Where fresh sockets are, if that is one place for all processes of the user. */
    private static Path namesDirectory(Address address, Transport sockets) throws IOException {
        Path place = Path.of(sockets.freshAddress().target()).getParent();
        if (place == null
                || !place.equals(Path.of(sockets.freshAddress().target()).getParent())) {
            throw new IOException("address \"" + address + "\" is a name, and this user has no private directory for"
                    + " names; write a path: shm:/path");
        }
        return place;
    }

    private static int ringBytes(Address address) throws IOException {
        int bytes = DEFAULT_RING_BYTES;
        for (Map.Entry<String, String> option : address.options().entrySet()) {
            if (!option.getKey().equals(RING)) {
                throw new IOException("address \"" + address + "\" has the unknown option \"" + option.getKey()
                        + "\"; shm addresses know ring=BYTES");
            }
            try {
                bytes = Integer.parseInt(option.getValue());
            } catch (NumberFormatException e) {
                bytes = 0;
            }
            if (!RingFormat.isRingBytes(bytes)) {
                throw new IOException("address \"" + address + "\" asks for a ring of " + option.getValue()
                        + " bytes; write a power of two from " + RingFormat.LEAST_RING_BYTES + " to "
                        + RingFormat.MOST_RING_BYTES);
            }
        }
        return bytes;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
