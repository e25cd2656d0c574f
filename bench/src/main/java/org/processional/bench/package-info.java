// SPDX-License-Identifier: Apache-2.0
/**
 * Rows ({@link org.processional.bench.Row}) of ways ({@link org.processional.bench.Way}) to do the same, measured by
 * JMH or, interleaved in one JVM, by {@link org.processional.bench.Compare}.
 *
 * <p>This runs on the class path alone: several of the peers cannot be on a module path (their jars share packages).
 */
@NullMarked
package org.processional.bench;

import org.jspecify.annotations.NullMarked;
