// SPDX-License-Identifier: Apache-2.0
/**
 * Rings in shared memory, and a socket that rings for who sleeps.
 *
 * <p>The way of a frame: {@link org.processional.transport.shm.ShmConnection}, {@code RingWriter}, memory, {@code
 * RingReader}. {@code RingFile} makes the memory, {@code Greeting} introduces it, {@code Bell} wakes.
 */
package org.processional.transport.shm;
