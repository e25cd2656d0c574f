// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * The life of this process, as far as its clients may decide on it.
 *
 * <p><b>Threads:</b> from any thread.
 */
public interface Control {
    /** Outlive the master. */
    void detach();

    /** Outlive the last client. */
    void persist();

    /** Take nothing new, finish what is queued, end. */
    void stop();
}
