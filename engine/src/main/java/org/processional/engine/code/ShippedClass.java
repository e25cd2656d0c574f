// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.time.Instant;

/**
 * A class that a client has shipped, and that was defined here.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name
 * @param hash the SHA-256 of its class file, or of the jar in which it came
 * @param bytes the size of its class file
 * @param since when it was defined
 * @param location where its bytes are, as its code source has it
 */
public record ShippedClass(String name, String hash, int bytes, Instant since, String location) {}
