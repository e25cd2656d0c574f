// SPDX-License-Identifier: Apache-2.0
/** The programs of the README, each a main class of its own. */
@org.jspecify.annotations.NullMarked
package org.processional.examples;
