// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;

/** What the peer has left in shared memory makes no sense, or is more than it may send yet: no frame is taken of it. */
final class DamagedRingException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedRingException(String message) {
        super(message);
    }

    DamagedRingException(String message, Throwable cause) {
        super(message, cause);
    }
}
