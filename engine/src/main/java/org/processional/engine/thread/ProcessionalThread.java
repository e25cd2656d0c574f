// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

/**
 * A thread that Processional made: it holds back also those interrupts that come by {@link Thread#interrupt()} while a
 * region made by {@link Interrupts#open()} is open.
 *
 * <p><b>Threads:</b> {@code interrupt} from any thread.
 */
public final class ProcessionalThread extends Thread {
    private final Running running = new Running();

    /** A thread that is not started, with the inheritable thread locals of the thread that makes it, if wanted. */
    public ProcessionalThread(Runnable work, String name, boolean detach, boolean inheritThreadLocals) {
        super(null, work, name, 0, inheritThreadLocals);
        setDaemon(!detach);
    }

    /** What it runs; for itself. */
    Running running() {
        return running;
    }

    /** Runs its work, which may have forgotten to close a region. */
    @Override
    public void run() {
        try {
            super.run();
        } finally {
            Interrupts.leaveAll();
        }
    }

    /** Interrupts the thread, or keeps that for the end of its region. */
    @Override
    public void interrupt() {
        Interrupts.deliverForeign(this);
    }

    /** Sets the flag and wakes the thread, whatever region is open. */
    void interruptNow() {
        super.interrupt();
    }
}
