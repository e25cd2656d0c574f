// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.rmi.Remote;
import java.rmi.RemoteException;

/** What {@link RmiCalls} calls: runs functions in another JVM. Public, since RMI's proxy implements it. */
public interface RemoteRunner extends Remote {
    /** A function that can travel. */
    @FunctionalInterface
    interface Function extends Serializable {
        /** Runs the function. */
        int run();
    }

    /**
     * Runs a function there.
     *
     * @param function the function
     * @return its result
     * @throws RemoteException if the connection failed
     */
    int run(Function function) throws RemoteException;
}
