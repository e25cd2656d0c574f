// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * Where functions run that are called on an object, unless somebody waits in their chain.
 *
 * <p><b>Threads:</b> called by the thread that reads: nothing here waits, or runs code of users.
 */
interface Home {
    /** Runs a request soon, behind those of the same connection about the same object. */
    void add(Request request);
}
