// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * A transport whose addresses can be reached by strangers: other users of this host, or whoever reaches it over a
 * network. Nobody is known by having connected.
 *
 * <p>So the engine authenticates both ends of each connection by a shared secret before it decodes anything, and tells
 * nobody the secret. Connections should be {@link LimitableConnection}s, so that strangers cannot make the process hold
 * long frames. Confidentiality is the transport's own matter: without encryption, whoever sees the frames go by can
 * read them, and whoever can change them owns both processes.
 *
 * <p>The address option {@value #SECRET_FILE} names the file with the secret, and is read by the engine. A transport
 * accepts the option and passes over it.
 *
 * <p><b>Threads:</b> as for {@link Transport}.
 *
 * @since 0.1
 */
public interface NetworkTransport extends Transport {
    /** The address option that names the file with the secret. */
    String SECRET_FILE = "secret-file";
}
