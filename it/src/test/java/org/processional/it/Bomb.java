// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;

/** Travels, and cannot be read. */
final class Bomb implements Serializable {
    @Serial
    private static final long serialVersionUID = 1L;

    @Serial
    private void readObject(ObjectInputStream in) throws IOException {
        throw new IOException("meant to fail");
    }
}
