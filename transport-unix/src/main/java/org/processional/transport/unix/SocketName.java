// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;

/**
 * What an address of scheme {@code unix} says: a path or an abstract name, and which library serves it.
 *
 * @param address the address, absolute, for messages
 * @param path the absolute path; null for an abstract name
 * @param name the path as text, or the abstract name without its mark
 * @param jnr whether jnr was asked for, or is needed
 */
record SocketName(Address address, @Nullable Path path, String name, boolean jnr) {
    /** Bytes of a path that the JDK puts into {@code sockaddr_un}: one less than would fit beside the NUL at its end. */
    static final int MAX_PATH_BYTES = System.getProperty("os.name", "").startsWith("Linux") ? 106 : 102;

    private static final String ABSTRACT_MARK = "@";

    /**
     * Reads an address.
     *
     * @throws IOException if it has an unknown option or is too long for the system
     */
    static SocketName of(Address address) throws IOException {
        boolean jnr = isJnr(address);
        String target = address.target();
        if (target.startsWith(ABSTRACT_MARK)) {
            return new SocketName(address, null, checked(address, target.substring(1), true), true);
        }
        Path path = path(address).toAbsolutePath().normalize();
        Address absolute = new Address(address.scheme(), path.toString(), address.options());
        return new SocketName(absolute, path, checked(absolute, path.toString(), jnr), jnr);
    }

    private static Path path(Address address) throws IOException {
        try {
            return Path.of(address.target());
        } catch (InvalidPathException e) {
            throw new IOException("address \"" + address + "\" is no path of this system: " + e.getReason(), e);
        }
    }

    /** The name of another file under the same address, for a socket on its way there. */
    SocketName at(Path other) {
        return new SocketName(address, other, other.toString(), jnr);
    }

    /** Whether a path is short enough for the system. */
    static boolean fits(Path path) {
        return bytes(path.toString()) <= MAX_PATH_BYTES;
    }

    @Override
    public String toString() {
        return address.toString();
    }

    private static boolean isJnr(Address address) throws IOException {
        boolean jnr = address.target().startsWith(ABSTRACT_MARK);
        for (Map.Entry<String, String> option : address.options().entrySet()) {
            String value = option.getValue();
            if (!option.getKey().equals("provider")) {
                throw new IOException("address \"" + address + "\" has the unknown option \"" + option.getKey()
                        + "\"; unix addresses know provider=jdk and provider=jnr");
            }
            if (value.equals("jnr")) {
                jnr = true;
            } else if (!value.equals("jdk")) {
                throw new IOException(
                        "address \"" + address + "\" names the unknown provider \"" + value + "\"; write jdk or jnr");
            } else if (jnr) {
                throw new IOException("address \"" + address
                        + "\" is an abstract name, which the JDK cannot use; leave provider=jdk out, or write a path");
            }
        }
        return jnr;
    }

    private static String checked(Address address, String name, boolean jnr) throws IOException {
        int length = bytes(name);
        if (length > MAX_PATH_BYTES) {
            throw new IOException("address \"" + address + "\" is too long for a Unix socket: " + length
                    + " bytes, and the system takes " + MAX_PATH_BYTES
                    + "; choose a shorter path, under /tmp for example");
        }
        if (name.isEmpty()) {
            throw new IOException("address \"" + address + "\" has an empty name; write for example unix:@server");
        }
        if (jnr && length != name.length()) {
            throw new IOException("address \"" + address
                    + "\" has characters outside of ASCII, which jnr-unixsocket cuts off; choose another name");
        }
        return name;
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
