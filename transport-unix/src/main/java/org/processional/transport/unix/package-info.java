// SPDX-License-Identifier: Apache-2.0
/**
 * Frames over stream sockets of the Unix domain.
 *
 * <p>{@link org.processional.transport.unix.UnixTransport} opens listeners and connections, whose frames and waits are
 * those of {@code org.processional.spi.channel}; {@code Sockets} is the seam behind which the system's sockets are
 * reached, by the JDK or by jnr.
 */
package org.processional.transport.unix;
