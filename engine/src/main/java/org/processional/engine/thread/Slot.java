// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A place of the ring of a {@link TaskQueue}. It is as large as a cache line, since the consumer empties one while a
 * producer fills the next: two that share a line make a task half as dear again.
 *
 * <p><b>Threads:</b> written by the producer that claimed it, then by the consumer.
 */
@SuppressWarnings({"unused", "serial"}) // the room is what the fields are for; never serialized
final class Slot extends AtomicReference<@Nullable LocalTask<?>> {
    private long room1;
    private long room2;
    private long room3;
    private long room4;
    private long room5;
    private long room6; // 16 bytes of the reference and its header, 48 of these
}
