// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * Where the standard output and the error output of a slave process go.
 *
 * @since 0.1
 */
public enum Output {
    /** To those of this process. */
    INHERIT,
    /** Nowhere; the last lines of the error output are still known when the process dies. */
    DISCARD,
    /** To the logger {@code org.processional.slave}, a record for each line. */
    LOG
}
