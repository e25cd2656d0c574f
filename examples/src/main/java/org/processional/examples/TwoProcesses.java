// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static org.processional.Processional.server;
import static org.processional.examples.Heavy.range;
import static org.processional.examples.Heavy.sum;

import java.io.IOException;
import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Program 4: a server whose object two programs share; {@link SecondProcess} is the other program. */
public final class TwoProcesses {
    private TwoProcesses() {}

    /** Starts the server at a fresh address, sums there, and waits for the second program, which multiplies. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (SlaveProcess process = server(SlaveOptions.defaults())) {
            Proxy<List<Integer>> heavy = process.wrap("heavy", () -> range(1_000_000));
            System.out.println("sum is " + process.invoke(() -> sum(heavy.get())));
            waitForTheOtherProgram(process);
        } // the last client to leave ends the server
    }

    private static void waitForTheOtherProgram(SlaveProcess process) throws IOException, InterruptedException {
        Process second = Programs.start(SecondProcess.class, process.address());
        if (second.waitFor() != 0) {
            throw new IllegalStateException("the second program ended with " + second.exitValue());
        }
    }
}
