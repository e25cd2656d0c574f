// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.Substitution;

/** For seeds, in which there are no objects of the engine. */
final class NoObjects implements Substitution {
    static final Substitution HERE = new NoObjects();

    private NoObjects() {}

    @Override
    public byte @Nullable [] replace(Object object) {
        return null;
    }

    @Override
    public Object resolve(byte[] bytes) {
        throw new CodecException("no objects here");
    }
}
