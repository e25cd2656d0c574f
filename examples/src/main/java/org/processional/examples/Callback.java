// SPDX-License-Identifier: Apache-2.0
package org.processional.examples;

import static java.lang.invoke.MethodHandles.lookup;
import static org.processional.Processional.export;
import static org.processional.Processional.slave;
import static org.processional.examples.Heavy.range;

import java.util.List;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/** Program 5: an object of the slave that is called like one of this process, and calls back. */
public final class Callback {
    private Callback() {}

    /** What the slave calls. */
    public interface Progress {
        /** Shows how much is done. */
        void show(int percent);
    }

    /** What the master calls. */
    public interface Numbers {
        /** Adds all up, and tells now and then how far it is. */
        long sum(Proxy<Progress> progress);
    }

    private static final class HeavyNumbers implements Numbers {
        private final List<Integer> heavy = range(1_000_000);

        @Override
        public long sum(Proxy<Progress> progress) {
            Progress master = progress.as(Progress.class);
            long sum = 0;
            for (int percent = 0; percent < 100; percent += 25) {
                sum += Heavy.sum(heavy.subList(10_000 * percent, 10_000 * (percent + 25)));
                master.show(percent + 25); // runs in the master, on the thread that waits for the sum
            }
            return sum;
        }
    }

    /** Has the slave make the numbers and sum them; prints the progress, which comes from there, and the sum. */
    public static void main(String[] args) {
        try (SlaveProcess process = slave();
                Proxy<Progress> progress = export(percent -> System.out.println(percent + " %"), lookup())) {
            Numbers numbers = process.wrap(Numbers.class, () -> new HeavyNumbers()); // a stand-in: the object is there
            System.out.println("sum is " + numbers.sum(progress));
        }
    }
}
