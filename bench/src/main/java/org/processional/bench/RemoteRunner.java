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
        int run() throws RemoteException;
    }

    /**
     * Runs a function there.
     *
     * @param function the function
     * @return its result
     * @throws RemoteException if the connection failed
     */
    int run(Function function) throws RemoteException;

    /**
     * A fixed method.
     *
     * @param number a number
     * @param text a text
     * @return their sum
     * @throws RemoteException if the connection failed
     */
    int add(int number, String text) throws RemoteException;

    /**
     * Calls a runner back.
     *
     * @param other the runner to call
     * @param nanos for how long
     * @return the times of the calls, encoded
     * @throws RemoteException if the connection failed
     */
    byte[] callBack(RemoteRunner other, long nanos) throws RemoteException;
}
