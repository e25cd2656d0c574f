// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

/**
 * How frames follow each other in the stream.
 *
 * <pre>0: length of the frame i32 | 4: frame</pre>
 *
 * big-endian; the length does not count itself.
 *
 * <p><b>Threads:</b> constants.
 *
 * @since 0.1
 */
public final class FrameFormat {
    /** Bytes before each frame. */
    public static final int HEADER_BYTES = Integer.BYTES;

    /** The longest frame: a body of 1 GiB and 64 KiB for what the engine puts before it. */
    public static final int MAX_FRAME_BYTES = (1 << 30) + (64 << 10);

    private FrameFormat() {}

    /** Whether a length that was read can be that of a frame. */
    static boolean isLength(int length) {
        return length >= 0 && length <= MAX_FRAME_BYTES;
    }
}
