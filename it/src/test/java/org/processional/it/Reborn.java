// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The initial class of slaves that are restarted. In the folder of the system property it leaves its process id under
 * {@code begun}, fails where there is a file {@code fail}, and waits where there is a file {@code wait}.
 */
public final class Reborn {
    static final String FOLDER = "reborn.folder";

    /** Set in a process in which this has run. */
    static volatile boolean wasHere;

    private Reborn() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty(FOLDER));
        Path written = Files.writeString(
                folder.resolve("writing"), Long.toString(ProcessHandle.current().pid()));
        Files.move(written, folder.resolve("begun"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        if (Files.exists(folder.resolve("fail"))) {
            throw new IllegalStateException("told to fail");
        }
        while (Files.exists(folder.resolve("wait"))) {
            Thread.sleep(5); // in another process
        }
        wasHere = true;
    }
}
