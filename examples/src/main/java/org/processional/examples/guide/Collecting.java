// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that takes one result after the other. */
final class Collecting implements Flow.Subscriber<Integer> {
    private final List<Integer> items = new ArrayList<>();
    private final CompletableFuture<List<Integer>> end = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(Integer item) {
        items.add(item);
        if (subscription != null) {
            subscription.request(1); // ready for one more
        }
    }

    @Override
    public void onError(Throwable error) {
        end.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        end.complete(items);
    }

    List<Integer> items() {
        return end.join();
    }
}
