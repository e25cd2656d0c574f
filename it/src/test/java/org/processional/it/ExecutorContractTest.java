// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.adoptLoop;
import static org.processional.Processional.adoptThread;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.Slave;
import org.processional.SlaveClosedException;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;

/** {@code Slave.executor()} under the contracts of JSR 166, as its own tests have them, for all kinds of slaves. */
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(120)
class ExecutorContractTest {
    private static final long LONG = 60;

    /** The kinds of slaves. */
    enum Kind {
        THREAD {
            @Override
            Slave start() {
                return slaveThread();
            }
        },
        ADOPTED {
            @Override
            Slave start() {
                CompletableFuture<SlaveThread> adopted = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    SlaveThread slave = adoptThread();
                    adopted.complete(slave);
                    slave.loop();
                });
                thread.setDaemon(true);
                thread.start();
                return adopted.join();
            }
        },
        LOOP {
            @Override
            Slave start() {
                ExecutorService loop = Executors.newSingleThreadExecutor(work -> {
                    Thread thread = new Thread(work, "the loop");
                    thread.setDaemon(true);
                    return thread;
                });
                return adoptLoop(loop, () -> Thread.currentThread().getName().equals("the loop"));
            }
        },
        PROCESS {
            @Override
            Slave start() {
                return slave();
            }
        };

        abstract Slave start();
    }

    /** What can be sent to a process as well. */
    private interface Job<T> extends Callable<T>, Serializable {}

    private interface Command extends Runnable, Serializable {}

    private static Slave slave;

    @Parameter
    Kind kind;

    @TempDir
    Path folder;

    private ExecutorService executor;

    @BeforeParameterizedClassInvocation
    static void start(Kind kind) {
        slave = kind.start();
    }

    @AfterParameterizedClassInvocation
    static void end() {
        slave.close();
    }

    @BeforeEach
    void view() {
        executor = slave.executor();
    }

    @AfterEach
    void endWhatRuns() throws InterruptedException {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
    }

    private static <T> Job<T> job(Job<T> job) {
        return job;
    }

    private static Job<Integer> failing() {
        return () -> {
            throw new IOException("own");
        };
    }

    /** Tells that it has begun, and goes on until the file "release" is there, or it is interrupted. */
    private static String waitForRelease(String folder) throws IOException, InterruptedException {
        Files.createFile(Path.of(folder, "begun"));
        while (!Files.exists(Path.of(folder, "release"))) {
            Thread.sleep(2);
        }
        return "released";
    }

    private Job<String> waiting() {
        String path = folder.toString();
        return () -> waitForRelease(path);
    }

    private Command marking(String name) {
        String path = folder.resolve(name).toString();
        return () -> {
            try {
                Files.createFile(Path.of(path));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Submits a function that occupies the slave. */
    private Future<String> block() {
        Future<String> future = executor.submit(waiting());
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> isMarked("begun"));
        return future;
    }

    private boolean isMarked(String name) {
        return Files.exists(folder.resolve(name));
    }

    /** Does not heed its interrupt: goes on until the file "release" is there, and marks its end. */
    private static boolean deafUntilReleased(String folder) throws IOException {
        Files.createFile(Path.of(folder, "begun"));
        while (!Files.exists(Path.of(folder, "release"))) {
            Thread.onSpinWait();
        }
        Files.createFile(Path.of(folder, "ended"));
        return true;
    }

    @Test
    void whatHeedsNoInterruptHasNotTerminated() throws Exception {
        String path = folder.toString();
        Future<Boolean> unused = executor.submit(job(() -> deafUntilReleased(path)));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> isMarked("begun"));
        try {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            Files.createFile(folder.resolve("release"));
        }
        assertThat(executor.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
        assertThat(isMarked("ended")).isTrue();
    }

    // ---- execute and submit

    @Test
    void executeRunsACommand() throws Exception {
        executor.execute(marking("one"));
        executor.submit(job(() -> null)).get(LONG, TimeUnit.SECONDS);
        assertThat(isMarked("one")).isTrue();
    }

    @Test
    void submitGivesResults() throws Exception {
        Future<Integer> future = executor.submit(job(() -> 4));
        assertThat(future.get()).isEqualTo(4);
        assertThat(future.get(0, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.cancel(true)).isFalse();
        Command nothing = () -> {};
        assertThat(executor.submit(nothing, "value").get()).isEqualTo("value");
        assertThat(executor.submit(nothing).get()).isNull();
    }

    @Test
    void nullsAreRefused() {
        assertThatThrownBy(() -> executor.execute(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit((Callable<?>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit((Runnable) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAny(null)).isInstanceOf(NullPointerException.class);
        List<Job<Integer>> withNull = Arrays.asList(job(() -> 1), null);
        assertThatThrownBy(() -> executor.invokeAll(withNull)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAny(Arrays.asList((Job<Integer>) null)))
                .isInstanceOf(NullPointerException.class);
        List<Job<Integer>> one = List.of(job(() -> 1));
        assertThatThrownBy(() -> executor.invokeAny(one, 1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(one, 1, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aFailureIsTheCauseAndTheSlaveGoesOn() throws Exception {
        Future<Integer> future = executor.submit(failing());
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("own");
        assertThat(executor.submit(job(() -> 2)).get()).isEqualTo(2);
    }

    @Test
    void commandsRunInTheirOrderOneAtATime() throws Exception {
        List<Future<Long>> times = IntStream.range(0, 50)
                .mapToObj(i -> executor.submit(job(System::nanoTime)))
                .toList();
        long before = Long.MIN_VALUE;
        for (Future<Long> time : times) {
            assertThat(time.get()).isGreaterThanOrEqualTo(before);
            before = time.get();
        }
    }

    // ---- futures

    @Test
    void getEndsWithItsTimeAndWithAnInterruptAndTheFunctionGoesOn() throws Exception {
        Future<String> future = block();
        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        marking("release").run();
        assertThat(future.get()).isEqualTo("released");
    }

    @Test
    void whatIsCancelledBeforeItBeginsNeverRuns() throws Exception {
        Future<String> running = block();
        Future<?> queued = executor.submit(marking("never"));
        assertThat(queued.cancel(false)).isTrue();
        assertThat(queued.isCancelled()).isTrue();
        assertThat(queued.isDone()).isTrue();
        assertThatThrownBy(queued::get).isInstanceOf(CancellationException.class);
        assertThat(running.cancel(true)).isTrue();
        executor.submit(job(() -> 1)).get(LONG, TimeUnit.SECONDS);
        assertThat(isMarked("never")).isFalse();
    }

    @Test
    void cancelInterruptsWhatRunsAndNothingAfterIt() throws Exception {
        Future<String> running = block();
        Future<Boolean> next = executor.submit(job(() -> Thread.currentThread().isInterrupted()));
        assertThat(running.cancel(true)).isTrue();
        assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
        assertThat(next.get(LONG, TimeUnit.SECONDS)).isFalse();
    }

    // ---- shutdown

    @Test
    void afterShutdownNothingIsTakenAndWhatWasTakenRuns() throws Exception {
        Future<String> running = block();
        Future<Integer> queued = executor.submit(job(() -> 2));
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> executor.execute(marking("refused"))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.submit(job(() -> 1))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.invokeAll(List.of(job(() -> 1))))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.of(job(() -> 1))))
                .isInstanceOf(RejectedExecutionException.class);
        marking("release").run();
        assertThat(executor.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(running.get()).isEqualTo("released");
        assertThat(queued.get()).isEqualTo(2);
        assertThat(isMarked("refused")).isFalse();
        assertThat(slave.isOpen()).isTrue();
    }

    @Test
    void anEmptyExecutorTerminatesAtOnce() throws Exception {
        executor.shutdown();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
    }

    @Test
    void awaitTerminationEndsWithAnInterrupt() {
        block();
        executor.shutdown();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> executor.awaitTermination(LONG, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void shutdownNowInterruptsWhatRunsAndTheRestNeverRuns() throws Exception {
        Future<String> running = block();
        executor.execute(marking("one"));
        executor.execute(marking("two"));
        List<Runnable> notBegun = executor.shutdownNow();
        assertThat(notBegun).hasSize(kind == Kind.PROCESS ? 0 : 2); // from there nothing can be given back
        assertThat(executor.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.isShutdown()).isTrue();
        assertThatThrownBy(running::get)
                .isInstanceOfAny(ExecutionException.class, CancellationException.class)
                .satisfies(error -> assertThat(error instanceof CancellationException
                                || error.getCause() instanceof InterruptedException)
                        .isTrue());
        assertThat(slave.executor()
                        .submit(job(() -> Thread.currentThread().isInterrupted()))
                        .get())
                .isFalse();
        assertThat(isMarked("one") || isMarked("two")).isFalse();
        notBegun.forEach(Runnable::run);
        assertThat(isMarked("one") && isMarked("two")).isEqualTo(kind != Kind.PROCESS);
    }

    @Test
    void closeOfLaterJdksShutsDownAndWaits() throws Exception {
        Future<Integer> future = executor.submit(job(() -> 1));
        if (executor instanceof AutoCloseable closeable) { // since JDK 19
            closeable.close();
        } else {
            executor.shutdown();
            assertThat(executor.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(executor.isTerminated()).isTrue();
        assertThat(future.get()).isEqualTo(1);
    }

    @Test
    void aClosedSlaveRejectsWithTheReason() throws Exception {
        Slave other = kind.start();
        ExecutorService view = other.executor();
        other.close();
        assertThatThrownBy(() -> view.execute(marking("refused")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(SlaveClosedException.class);
        view.shutdown();
        assertThat(view.awaitTermination(LONG, TimeUnit.SECONDS)).isTrue();
    }

    // ---- all and any

    @Test
    void invokeAllGivesEndedFuturesInTheOrderOfTheCalls() throws Exception {
        assertThat(executor.invokeAll(List.<Job<Integer>>of())).isEmpty();
        List<Future<Integer>> futures = executor.invokeAll(List.of(job(() -> 1), failing(), job(() -> 3)));
        assertThat(futures).hasSize(3).allMatch(Future::isDone);
        assertThat(futures.get(0).get()).isEqualTo(1);
        assertThatThrownBy(futures.get(1)::get).hasCauseInstanceOf(IOException.class);
        assertThat(futures.get(2).get()).isEqualTo(3);
        assertThat(executor.invokeAll(List.of(job(() -> 1)), LONG, TimeUnit.SECONDS)
                        .get(0)
                        .get())
                .isEqualTo(1);
    }

    @Test
    void invokeAllCancelsWhatItsTimeDoesNotSuffice() throws Exception {
        // The second may begin between the ends of the two, as in the JDK's own executors: it waits, too.
        Job<String> late = job(() -> {
            TimeUnit.SECONDS.sleep(LONG);
            return "late";
        });
        List<Future<String>> futures = executor.invokeAll(List.of(waiting(), late), 50, TimeUnit.MILLISECONDS);
        assertThat(futures).hasSize(2).allMatch(Future::isCancelled);
        assertThat(executor.submit(job(() -> 1)).get(LONG, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void invokeAnyGivesAResultAndEndsTheOthers() throws Exception {
        assertThat(executor.invokeAny(List.of(failing(), job(() -> 2), job(() -> 3))))
                .isIn(2, 3);
        assertThat(executor.invokeAny(List.of(failing(), job(() -> 2)), LONG, TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(executor.invokeAny(List.of(ExecutorContractTest.<String>job(() -> "first"), waiting())))
                .isEqualTo("first");
        assertThat(executor.submit(job(() -> 1)).get(LONG, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void invokeAnyFailsWhereNoneSucceedsOrThereIsNone() {
        assertThatThrownBy(() -> executor.invokeAny(List.<Job<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.of(failing(), failing())))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.of(failing()), LONG, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void invokeAnyEndsWithItsTimeAndWithAnInterrupt() throws Exception {
        assertThatThrownBy(() -> executor.invokeAny(List.of(waiting()), 50, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        Files.deleteIfExists(folder.resolve("begun"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> executor.invokeAny(List.of(waiting()))).isInstanceOf(InterruptedException.class);
        assertThat(executor.submit(job(() -> 1)).get(LONG, TimeUnit.SECONDS)).isEqualTo(1);
    }

    // ---- what processes cannot do

    @Test
    void whatCannotTravelIsRejectedWithTheReason() {
        Runnable local = () -> {};
        if (kind == Kind.PROCESS) {
            assertThatThrownBy(() -> executor.execute(local))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("cannot travel");
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, executor))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(((SlaveProcess) slave)
                            .schedule(() -> 1)
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(1);
        } else {
            assertThat(CompletableFuture.supplyAsync(() -> 1, executor).join()).isEqualTo(1);
        }
    }
}
