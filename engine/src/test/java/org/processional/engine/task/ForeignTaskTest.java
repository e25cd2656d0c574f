// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.thread;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Cancel;
import org.processional.Task;
import org.processional.TaskCancelledException;

/** Tasks of somebody else's making, as ours. */
@Timeout(60)
class ForeignTaskTest {
    /** Its future says nothing, as it may. */
    private static <T> Task<T> silent(Task<T> task) {
        return new Foreign<>(task, new CompletableFuture<>());
    }

    @Test
    void itIsCancelledWhereTheOtherSaysThatItWas() {
        CountDownLatch goOn = new CountDownLatch(1);
        Task<?> foreign = silent(thread(() -> goOn.await()));
        ForeignTask<?> ours = new ForeignTask<>(foreign);
        assertThat(ours.cancel(Cancel.interrupt())).isTrue();
        assertThat(ours.isCancelled()).isTrue();
        assertThatThrownBy(ours::await).isInstanceOf(TaskCancelledException.class);
        goOn.countDown();
    }

    @Test
    void itGoesOnWhereTheOtherWasNotCancelled() {
        Task<Integer> foreign = silent(thread(() -> 1));
        foreign.await();
        ForeignTask<Integer> ours = new ForeignTask<>(foreign);
        assertThat(ours.cancel(Cancel.interrupt())).isFalse();
        assertThat(ours.isDone()).isFalse();
    }
}
