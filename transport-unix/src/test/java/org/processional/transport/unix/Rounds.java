// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Numbers for tests: how often repeated ones repeat, the seed of random ones, settings of the kernel. */
final class Rounds {
    private Rounds() {}

    static int of(int stated) {
        return Math.max(1, stated * Integer.getInteger("processional.rounds.percent", 10) / 100);
    }

    /** A number below {@code /proc/sys}, which can be read by one call alone: {@code Files} reads in two. */
    static int kernelSetting(String name) throws IOException {
        byte[] text = new byte[64];
        try (FileInputStream in = new FileInputStream("/proc/sys/" + name)) {
            return Integer.parseInt(new String(text, 0, in.read(text), StandardCharsets.US_ASCII).strip());
        }
    }

    /** How many descriptors this process has. */
    static long descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    static Random random(String test) {
        long seed = Long.getLong("processional.seed", System.nanoTime());
        System.out.println(test + ": -Dprocessional.seed=" + seed);
        return new Random(seed);
    }
}
