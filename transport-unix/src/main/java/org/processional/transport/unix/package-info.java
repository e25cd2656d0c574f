// SPDX-License-Identifier: Apache-2.0
/**
 * Frames over stream sockets of the Unix domain.
 *
 * <p>From the outside in: {@link org.processional.transport.unix.UnixTransport} opens listeners and connections;
 * connections cut their stream into frames; wait sets wait for all of them; {@code Sockets} is the seam behind which
 * the system's sockets are reached, by the JDK or by jnr. Channels never block, so that an interrupt cannot close them;
 * whoever must wait does so in a selector.
 */
package org.processional.transport.unix;
