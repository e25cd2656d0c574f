// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that the soak does again and again. A step ends what it begins: it leaves nothing pending and nothing open.
 *
 * <p><b>Threads:</b> immutable; {@link Body#run} from several threads at once.
 *
 * @param name what it is called in messages
 * @param weight how often it is done, relative to the others
 * @param body what it does
 */
record Step(String name, int weight, Body body) {
    /** What a step does. */
    @FunctionalInterface
    interface Body {
        /**
         * Does it once.
         *
         * @param stage the processes and threads that are there for all, and the ledger
         * @param random decides on everything that can be one way or the other
         */
        void run(Stage stage, Random random) throws Exception;
    }

    /** All of them. */
    static List<Step> all() {
        List<Step> steps = new ArrayList<>();
        steps.addAll(ThreadSteps.ALL);
        steps.addAll(ProcessSteps.ALL);
        steps.addAll(ObjectSteps.ALL);
        steps.addAll(LifeSteps.ALL);
        return steps;
    }

    /** One of them, by weight. */
    static Step choose(List<Step> steps, Random random) {
        int total = steps.stream().mapToInt(Step::weight).sum();
        int left = random.nextInt(total);
        for (Step step : steps) {
            left -= step.weight();
            if (left < 0) {
                return step;
            }
        }
        throw new AssertionError("weights do not add up");
    }
}
