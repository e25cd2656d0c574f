// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.slave;
import static org.processional.Processional.thread;

import org.processional.SlaveProcess;
import org.processional.Task;

/** The program of {@code docs/getting-started.md}. */
public final class Hello {
    private Hello() {}

    /** Runs a function in another thread, and one in another JVM. */
    public static void main(String[] args) {
        Task<Integer> answer = thread(() -> 6 * 7); // another thread
        System.out.println("the thread says " + answer.await());

        try (SlaveProcess process = slave()) { // another JVM
            String name = "JVM";
            System.out.println(process.invoke(() -> "hello from another " + name));
        }
    }
}
