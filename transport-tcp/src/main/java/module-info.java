// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets of the network: scheme {@code tcp}, with TLS on demand.
 *
 * @provides org.processional.spi.Transport
 */
@org.jspecify.annotations.NullMarked
module org.processional.transport.tcp {
    requires org.processional;
    requires jdk.net; // when the kernel asks whether a silent host is there
    requires static org.jspecify; // annotations only, nobody needs it at run time

    provides org.processional.spi.Transport with
            org.processional.transport.tcp.TcpTransport;
}
