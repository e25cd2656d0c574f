// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

/**
 * The user at the other end of a socket, as the system vouches for it.
 *
 * @param name a name or number for messages
 * @param same whether it is the user of this process
 * @param root whether it is the superuser
 * @param pid the process, 0 where the library does not tell
 */
record PeerUser(String name, boolean same, boolean root, long pid) {
    /** Whether to talk to it: what a task does is done in the name of who runs it, so strangers stay out. */
    boolean isAllowed() {
        return same || root;
    }
}
