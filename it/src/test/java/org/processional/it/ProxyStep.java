// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import org.processional.Call;
import org.processional.ProcessionalException;
import org.processional.it.ProxyModel.Place;

/**
 * What random steps are made of.
 *
 * <p><b>Threads:</b> one.
 */
abstract class ProxyStep {
    static final int INVOKED = 0;
    static final int SCHEDULED = 1;
    static final int BESIDE = 2;
    static final int WAYS = 3;

    final ProxyModel model;
    final Random random;
    final Lock crossing; // held while the main thread of a slave waits for that of another: two would deadlock

    ProxyStep(ProxyModel model, Random random, Lock crossing) {
        this.model = model;
        this.random = random;
        this.crossing = crossing;
    }

    static Set<Place> about(Place... places) {
        return new HashSet<>(Arrays.asList(places));
    }

    int pick(int... all) {
        return all[random.nextInt(all.length)];
    }

    static <T> T run(Place at, int way, Call<T, RuntimeException> call) {
        if (at.process == null) {
            return call.call();
        }
        return switch (way) {
            case INVOKED -> at.process.<T, RuntimeException>invoke(call);
            case SCHEDULED -> at.process.<T>schedule(call).await();
            default -> at.process.<T>thread(call).await();
        };
    }

    /** Does a step; it may fail only if one of the processes that it is about dies. */
    boolean attempt(String what, Set<Place> about, Callable<?> work) throws Exception {
        model.log(what);
        boolean hopeless = model.isOneDead(about);
        try {
            work.call();
            return true;
        } catch (ProcessionalException e) {
            model.log("failed: " + what + ": " + e);
            if (model.areLive(about)) {
                throw new AssertionError(what + " failed, and nobody died", e);
            }
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(what + (hopeless ? ", of the dead," : "") + " failed", e);
        }
    }
}
