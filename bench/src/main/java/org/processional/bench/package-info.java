// SPDX-License-Identifier: Apache-2.0
/**
 * Rows ({@link org.processional.bench.Row}) of ways ({@link org.processional.bench.Way}) to do the same, measured by
 * JMH or, interleaved in one JVM, by {@link org.processional.bench.Compare}.
 */
package org.processional.bench;
