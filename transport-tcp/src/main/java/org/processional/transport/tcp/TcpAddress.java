// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processional.spi.Address;
import org.processional.spi.NetworkTransport;

/**
 * An address {@code tcp://host:port}, with brackets around an IPv6 host, and its options.
 *
 * <p>Hosts that are not loopback are refused without TLS, unless {@code plaintext=allowed} names the risk: what is sent
 * there could be read, and changed, by everybody on the way.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param address as it was given
 * @param host a name or a number, without brackets
 * @param port 0 to 65535
 */
record TcpAddress(Address address, String host, int port) {
    static final String SCHEME = "tcp";
    private static final String PLAINTEXT = "plaintext";
    private static final String ALLOWED = "allowed";
    private static final int MOST_PORTS = 65_535;

    /** Every option that this transport knows, or passes over. */
    static final List<String> OPTIONS = options();

    private static List<String> options() {
        List<String> options = new ArrayList<>();
        options.add(PLAINTEXT);
        options.add(NetworkTransport.SECRET_FILE);
        options.addAll(TlsOptions.NAMES);
        return List.copyOf(options);
    }

    /**
     * Reads an address.
     *
     * @throws IOException if it is malformed, or has an unknown option
     */
    static TcpAddress of(Address address) throws IOException {
        String target = address.target();
        int colon = target.lastIndexOf(':');
        if (!SCHEME.equals(address.scheme()) || !target.startsWith("//") || colon < 3) {
            throw malformed(address);
        }
        String host = target.substring(2, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.indexOf('/') >= 0 || bracketed != host.indexOf(':') >= 0) {
            throw malformed(address);
        }
        for (String option : address.options().keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IOException(
                        "address \"" + address + "\" has the unknown option \"" + option + "\"; known are " + OPTIONS);
            }
        }
        String plaintext = address.options().get(PLAINTEXT);
        if (plaintext != null && !plaintext.equals(ALLOWED)) {
            throw new IOException("option " + PLAINTEXT + "=" + plaintext + " of address \"" + address
                    + "\" is not understood; write " + PLAINTEXT + "=" + ALLOWED + ", or leave it out");
        }
        return new TcpAddress(address, host, port(address, target.substring(colon + 1)));
    }

    private static int port(Address address, String text) throws IOException {
        int port = text.isEmpty() || text.length() > 5 ? -1 : 0;
        for (int i = 0; i < text.length() && port >= 0; i++) {
            char c = text.charAt(i);
            port = c >= '0' && c <= '9' ? port * 10 + (c - '0') : -1;
        }
        if (port < 0 || port > MOST_PORTS) {
            throw malformed(address);
        }
        return port;
    }

    private static IOException malformed(Address address) {
        return new IOException("\"" + address + "\" is no address of a host and a port; write tcp://host:port or"
                + " tcp://[::1]:port, with a port of 0 to " + MOST_PORTS);
    }

    /** What an address of a kind that this JVM does not know comes to. */
    static IOException noIpv6(InetSocketAddress socket, UnsupportedAddressTypeException cause) {
        return new IOException(
                "this JVM has no IPv6, which " + socket + " needs (the system has none, or java.net.preferIPv4Stack is"
                        + " set); write an address of IPv4, such as 127.0.0.1",
                cause);
    }

    /**
     * The sockets' addresses, at least one.
     *
     * @throws IOException if the host is not known, or not allowed without TLS
     */
    List<InetSocketAddress> resolve() throws IOException {
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("host \"" + host + "\" of address \"" + address + "\" is not known", e);
        }
        List<InetSocketAddress> resolved = new ArrayList<>();
        for (InetAddress one : found) {
            if (!one.isLoopbackAddress() && !isTls() && !address.options().containsKey(PLAINTEXT)) {
                throw new IOException("address \"" + address + "\" is not of this host alone, and without TLS everybody"
                        + " on the way could read and change what is sent; give TLS options (?tls=true&...), or write ?"
                        + PLAINTEXT + "=" + ALLOWED + " if the network is as safe as this host");
            }
            resolved.add(new InetSocketAddress(one, port));
        }
        return resolved;
    }

    /** Whether the address asks for TLS. */
    boolean isTls() {
        return TlsOptions.isWanted(address.options());
    }

    /** The same address with another port. */
    Address withPort(int other) {
        String text = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return new Address(SCHEME, "//" + text + ":" + other, new LinkedHashMap<>(address.options()));
    }

    /** An address of a numeric host and a port, without options. */
    static Address of(InetAddress host, int port) {
        String text = host.getHostAddress();
        return new Address(SCHEME, "//" + (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port, Map.of());
    }

    /** Without options, for messages: those name files. */
    @Override
    public String toString() {
        return SCHEME + ":" + address.target();
    }
}
