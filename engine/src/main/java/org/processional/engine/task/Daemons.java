// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

/**
 * Makes the threads of the engine. Many are made when something is needed first, in a thread of the user's, and live longer
 * than what that thread does: so they keep nothing of it, neither its class loader nor its inheritable thread locals.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Daemons {
    private Daemons() {}

    /** A daemon that is not started yet; its context is the system class loader. */
    public static Thread make(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}
