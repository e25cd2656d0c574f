// SPDX-License-Identifier: Apache-2.0
/** A transport within one JVM, with a weather and a clock that tests decide; docs/writing-a-transport.md walks through it. */
package org.processional.tck.memory;
