// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first page of the file of a segment, in the order of the machine.
 *
 * <pre>
 *    0: magic i64, written last by who makes the segment
 *    8: size of the content i64
 *   16: process id of who made it i64 | 24: start of that process, ms since 1970, i64
 *   32: holders i32, processes that have it open, as they say
 *   40: removed i32, 1 from the moment when the file is deleted
 *  128: departed i32, references that were sent
 *  256: arrived i32, those of them that are not on their way any more
 * 4096: content
 * </pre>
 *
 * Whether a process still holds it is told by its shared lock on the first byte, which the system takes back from the
 * dead; the number of holders is for those who look at the file. What senders count and what receivers count lie on
 * lines of their own: else each reference would cost both a cache miss.
 *
 * <p><b>Threads:</b> any thread of any process; the counters change by atomic additions.
 */
final class SegmentHeader {
    static final int BYTES = 4096;

    private static final long MAGIC = 0x50524f434d454d32L; // PROCMEM2
    private static final int SIZE = 8;
    private static final int OWNER_PID = 16;
    private static final int OWNER_START = 24;
    private static final int HOLDERS = 32;
    private static final int REMOVED = 40;
    private static final int DEPARTED = 128;
    private static final int ARRIVED = 256;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer page;

    /** The header in a page, which is mapped at its beginning. */
    SegmentHeader(ByteBuffer page) {
        this.page = page;
    }

    /** Fills a new page in. */
    void init(long size, long pid, long startMillis) {
        LONG.set(page, SIZE, size);
        LONG.set(page, OWNER_PID, pid);
        LONG.set(page, OWNER_START, startMillis);
        LONG.setVolatile(page, 0, MAGIC);
    }

    /** Whether it was filled in. */
    boolean isValid() {
        return (long) LONG.getVolatile(page, 0) == MAGIC;
    }

    long size() {
        return (long) LONG.get(page, SIZE);
    }

    /** Counts this process in, or out by -1. */
    void addHolders(int count) {
        INT.getAndAdd(page, HOLDERS, count);
    }

    /** Counts a reference that is sent. */
    void departs() {
        INT.getAndAdd(page, DEPARTED, 1);
    }

    /** Counts references that have arrived, or never will. */
    void arrive(int count) {
        INT.getAndAdd(page, ARRIVED, count);
    }

    /** What both ends of a lost connection have counted as arrived is counted once. */
    void arrivedOnce() {
        int arrived = (int) INT.getVolatile(page, ARRIVED);
        int departed = (int) INT.getVolatile(page, DEPARTED);
        if (arrived - departed > 0) {
            INT.compareAndSet(page, ARRIVED, arrived, departed); // else somebody else counts
        }
    }

    /** References on their way: not fewer than when it is called. */
    int flights() {
        int arrived = (int) INT.getVolatile(page, ARRIVED); // first: what departs meanwhile only adds to them
        return (int) INT.getVolatile(page, DEPARTED) - arrived;
    }

    void remove() {
        INT.setVolatile(page, REMOVED, 1);
    }

    boolean isRemoved() {
        return (int) INT.getVolatile(page, REMOVED) != 0;
    }
}
