// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import java.time.Instant;

/**
 * A class that came to a process from a client of it ({@link SlaveProcess#code}).
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name
 * @param hash SHA-256 of its file, or of the jar that it came in, in hexadecimal digits
 * @param bytes size of its file
 * @param since when it was loaded
 * @param location where its file is kept, as a URL
 * @param client process id of the client
 * @since 0.1
 */
public record ShippedClass(String name, String hash, int bytes, Instant since, String location, long client)
        implements Serializable {}
