// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * Marks the live stand-ins that {@link org.processional.Proxy#as} and {@link org.processional.Proxy#stub} make, so that a
 * {@link Codec} asks its {@link Substitution} for them.
 *
 * @since 0.1
 */
public interface Stub {}
