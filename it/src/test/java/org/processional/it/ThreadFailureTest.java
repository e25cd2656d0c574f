// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.ThreadOptions;

/** What the traces of functions show that failed in another thread: each thread once, and who wanted it. */
@Timeout(60)
class ThreadFailureTest {
    private static Integer fail(String message) {
        throw new IllegalStateException(message);
    }

    private static SlaveThread named(String name) {
        return slaveThread(SlaveThreadOptions.builder().name(name).build());
    }

    private static List<String> borders(Throwable error) {
        List<String> borders = new ArrayList<>();
        for (StackTraceElement frame : error.getStackTrace()) {
            if (frame.getClassName().startsWith("---")) {
                borders.add(String.valueOf(frame.getFileName()));
            }
        }
        return borders;
    }

    private static List<String> methods(Throwable error) {
        List<String> methods = new ArrayList<>();
        for (StackTraceElement frame : error.getStackTrace()) {
            methods.add(frame.getMethodName());
        }
        return methods;
    }

    private static Task<Integer> submit() {
        return thread(ThreadOptions.builder().name("t").build(), () -> fail("in t"));
    }

    private static Throwable waitFor(Task<?> task) {
        return catchThrowable(task::await);
    }

    @Test
    void aThreadsFailureShowsWhoAskedForItHoweverManyWait() throws Exception {
        Task<Integer> task = submit();
        Throwable first = waitFor(task);
        Throwable second = thread(() -> waitFor(task)).await();
        assertThat(second).isSameAs(first);
        assertThat(borders(first)).containsExactly("ran in thread t, asked for by");
        assertThat(methods(first))
                .containsSubsequence("fail", "invoke", "submit", "aThreadsFailureShowsWhoAskedForItHoweverManyWait")
                .doesNotContain("waitFor");
    }

    @Test
    void anInvokedFunctionsFailureShowsWhoInvokedIt() {
        try (SlaveThread worker = named("w")) {
            Throwable error = catchThrowable(() -> worker.invoke(() -> fail("in w")));
            assertThat(borders(error)).containsExactly("ran in thread w, asked for by");
            assertThat(methods(error)).containsSubsequence("fail", "anInvokedFunctionsFailureShowsWhoInvokedIt");
        }
    }

    @Test
    void aQueuedTasksFailureShowsWhoAwaitedItFirst() {
        try (SlaveThread worker = named("w")) {
            Task<Integer> task = worker.schedule(() -> fail("in w"));
            Throwable first = waitFor(task);
            assertThat(catchThrowable(task::get))
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(first);
            assertThat(borders(first)).containsExactly("ran in thread w, awaited by");
            assertThat(methods(first)).containsSubsequence("fail", "invoke", "waitFor");
        }
    }

    @Test
    void aFutureShowsTheThreadAlone() throws Exception {
        try (SlaveThread worker = named("w")) {
            CompletableFuture<Integer> future =
                    worker.<Integer>schedule(() -> fail("in w")).toCompletableFuture();
            Throwable error = future.handle((n, e) -> e).get(30, TimeUnit.SECONDS);
            assertThat(borders(error)).containsExactly("ran in thread w");
        }
    }

    @Test
    void executorsShowWhoAwaited() throws Exception {
        try (SlaveThread worker = named("w")) {
            Throwable error = catchThrowable(
                    () -> worker.executor().submit(() -> fail("in w")).get());
            assertThat(borders(error.getCause())).containsExactly("ran in thread w, awaited by");
        }
    }

    @Test
    void eachThreadOnTheWayShowsOnceInnermostFirst() {
        try (SlaveThread a = named("a");
                SlaveThread b = named("b")) {
            Task<Integer> outer = a.schedule(() -> b.<Integer, RuntimeException>invoke(() -> submit().await()));
            Throwable error = waitFor(outer);
            assertThat(borders(error))
                    .containsExactly(
                            "ran in thread t, asked for by",
                            "ran in thread b, asked for by",
                            "ran in thread a, awaited by");
            assertThat(methods(error)).containsSubsequence("fail", "invoke", "submit", "invoke", "invoke", "waitFor");
        }
    }

    @Test
    void manyWhoAskAtOnceGetOnePart() throws Exception {
        int askers = 8;
        for (int round = 0; round < 200; round++) {
            CyclicBarrier barrier = new CyclicBarrier(askers);
            try (SlaveThread worker = named("w")) {
                Task<Integer> task = worker.schedule(() -> fail("in w"));
                List<Task<Throwable>> seen = new ArrayList<>();
                for (int i = 0; i < askers; i++) {
                    seen.add(thread(() -> {
                        barrier.await(30, TimeUnit.SECONDS);
                        Throwable error = waitFor(task);
                        assertThat(borders(error)).containsExactly("ran in thread w, awaited by");
                        return error;
                    }));
                }
                for (Task<Throwable> each : seen) {
                    assertThat(each.await()).isSameAs(seen.get(0).await());
                }
            }
        }
    }
}
