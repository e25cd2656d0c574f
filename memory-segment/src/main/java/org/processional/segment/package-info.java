// SPDX-License-Identifier: Apache-2.0
/** Shared memory as a {@link java.lang.foreign.MemorySegment}. */
package org.processional.segment;
