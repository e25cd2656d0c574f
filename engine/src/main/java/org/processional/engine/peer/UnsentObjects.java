// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.engine.memory.Flights;
import org.processional.engine.memory.MemoryReference;
import org.processional.spi.FrameOutput;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;

/**
 * What would stand for objects of the engine, about as long as in {@link EngineObjects}, in a message that is encoded to
 * be looked at and is sent to nobody. Large arrays are in it with all their bytes.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class UnsentObjects implements Substitution {
    private static final int PROXY = 1;
    private static final int MEMORY = 2;
    private static final int OBJECT = 4;
    private static final int LONGEST = 255;

    private final Flights flights = Flights.none();

    /** For one message, or several. */
    public UnsentObjects() {}

    @Override
    public byte @Nullable [] replace(Object object) {
        FrameOutput out = new FrameOutput(64, LONGEST);
        if (object instanceof Proxy<?>) {
            out.putByte(PROXY);
            out.putLong(0);
            out.putString(Identity.ID);
        } else if (object instanceof Stub) {
            out.putByte(OBJECT);
            out.putLong(0);
        } else if (object.getClass().isArray()) {
            return null;
        } else {
            out.putByte(MEMORY);
            if (!MemoryReference.write(object, out, flights)) {
                return null;
            }
        }
        ByteBuffer frame = out.frame();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    @Override
    public void forget(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        if (from.get() == MEMORY) {
            MemoryReference.forget(from, flights);
        }
    }

    @Override
    public Object resolve(byte[] bytes) {
        throw new CodecException("this message was made to be looked at, and is read by nobody");
    }
}
