// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import org.processional.SlaveProcess;

/** A service that has its work done by a slave. */
class Squares {
    private final SlaveProcess worker;

    Squares(SlaveProcess worker) {
        this.worker = worker;
    }

    int square(int number) {
        return worker.invoke(() -> number * number);
    }
}
