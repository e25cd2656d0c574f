// SPDX-License-Identifier: Apache-2.0
/**
 * The soak: {@link org.processional.cli.soak.SoakRun} mixes {@link org.processional.cli.soak.Step}s on several threads, a
 * {@link org.processional.cli.soak.Ledger} counts what they began and what ended, and a
 * {@link org.processional.cli.soak.Census} before and after tells what stayed behind.
 */
@org.jspecify.annotations.NullMarked
package org.processional.cli.soak;
