// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code processional}, one class each; {@link org.processional.cli.Main} puts them together. */
@org.jspecify.annotations.NullMarked
package org.processional.cli;
