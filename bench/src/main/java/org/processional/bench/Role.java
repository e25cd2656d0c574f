// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

/** What a {@link Way} stands for in its {@link Row}. */
enum Role {
    /** What the machine sets, such as the bare transfer. */
    LIMIT,
    /** The least code with the same semantics. */
    FLOOR,
    /** Processional. */
    OURS,
    /** What one would use else: the one that the row is compared with. */
    PEER,
    /** What else one would use. */
    OTHER,
    /** What else one would use; it takes long to start, so it is measured only where all is wanted. */
    MORE
}
