// SPDX-License-Identifier: Apache-2.0
/**
 * Frames over streams that never block, for the transports of this project over sockets. Exported to them alone, and
 * free to change with them.
 *
 * <p>From the outside in: {@link org.processional.spi.channel.ChannelListener} accepts
 * {@link org.processional.spi.channel.ChannelConnection}s, which cut their stream into frames; a
 * {@link org.processional.spi.channel.ChannelWaitSet} waits for all of them in a selector;
 * {@link org.processional.spi.channel.StreamSocket} is the seam to the system's sockets. Channels never block, so that
 * an interrupt cannot close them.
 */
package org.processional.spi.channel;
