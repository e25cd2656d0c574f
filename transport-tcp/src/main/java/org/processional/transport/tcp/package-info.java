// SPDX-License-Identifier: Apache-2.0
/**
 * Frames over sockets of the network.
 *
 * <p>{@link org.processional.transport.tcp.TcpTransport} opens listeners and connections, whose frames and waits are
 * those of {@code org.processional.spi.channel}. {@code TcpAddress} reads addresses and refuses the dangerous ones;
 * {@code Tls} and {@code TlsSocket} put encryption between the frames and the socket.
 */
package org.processional.transport.tcp;
