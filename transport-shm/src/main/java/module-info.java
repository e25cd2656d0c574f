// SPDX-License-Identifier: Apache-2.0
/**
 * Rings in shared memory: scheme {@code shm}.
 *
 * <p>A Unix socket beside the rings introduces the two ends to each other and wakes who sleeps; it is a connection of
 * the transport {@code unix}, found as everybody finds it.
 *
 * @provides org.processional.spi.Transport
 */
@org.jspecify.annotations.NullMarked
module org.processional.transport.shm {
    requires org.processional;
    requires static org.jspecify; // annotations only, nobody needs it at run time

    provides org.processional.spi.Transport with
            org.processional.transport.shm.ShmTransport;
}
