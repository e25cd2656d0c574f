// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.thread;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Cancel;
import org.processional.Task;
import org.processional.TaskCancelledException;

/** Tasks of somebody else's making, as ours. */
@Timeout(60)
class ForeignTaskTest {
    /** Its future says nothing, as it may. */
    private record Silent<T>(Task<T> task) implements Task<T> {
        @Override
        public T await() {
            return task.await();
        }

        @Override
        public T await(Duration wait) {
            return task.await(wait);
        }

        @Override
        public boolean check() {
            return task.check();
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return task.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean cancel(Cancel how) {
            return task.cancel(how);
        }

        @Override
        public Optional<Cancel.Rung> endedBy() {
            return task.endedBy();
        }

        @Override
        public void interrupt() {
            task.interrupt();
        }

        @Override
        public CompletableFuture<T> toCompletableFuture() {
            return new CompletableFuture<>();
        }

        @Override
        public boolean isCancelled() {
            return task.isCancelled();
        }

        @Override
        public boolean isDone() {
            return task.isDone();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            return task.get();
        }

        @Override
        public T get(long timeout, TimeUnit unit) {
            return task.await(Duration.of(timeout, unit.toChronoUnit()));
        }
    }

    @Test
    void itIsCancelledWhereTheOtherSaysThatItWas() {
        CountDownLatch goOn = new CountDownLatch(1);
        Task<?> foreign = new Silent<>(thread(() -> goOn.await()));
        ForeignTask<?> ours = new ForeignTask<>(foreign);
        assertThat(ours.cancel(Cancel.interrupt())).isTrue();
        assertThat(ours.isCancelled()).isTrue();
        assertThatThrownBy(ours::await).isInstanceOf(TaskCancelledException.class);
        goOn.countDown();
    }

    @Test
    void itGoesOnWhereTheOtherWasNotCancelled() {
        Task<Integer> foreign = new Silent<>(thread(() -> 1));
        foreign.await();
        ForeignTask<Integer> ours = new ForeignTask<>(foreign);
        assertThat(ours.cancel(Cancel.interrupt())).isFalse();
        assertThat(ours.isDone()).isFalse();
    }
}
