// SPDX-License-Identifier: Apache-2.0
/**
 * Functions that run in other threads of this JVM. {@link org.processional.engine.thread.Threads} is the entrance; a
 * task goes from a {@code QueuedSlaveThread} (the handle that users hold) into a {@code TaskQueue}, whose {@code Bell}
 * tells the consumer, which runs it as a {@link org.processional.engine.thread.LocalTask}.
 */
package org.processional.engine.thread;
