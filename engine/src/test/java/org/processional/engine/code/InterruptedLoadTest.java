// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.WaitInterruptedException;
import org.processional.engine.testing.Rounds;

@Timeout(120)
final class InterruptedLoadTest {
    private static final ClassLoader PARENT = InterruptedLoadTest.class.getClassLoader();

    @TempDir
    Path folder;

    /** Waits before each answer, and lets an interrupt end that. */
    private static CodeSupply interruptible(CodeSupply supply, AtomicInteger ended) {
        return new CodeSupply() {
            @Override
            public ByteBuffer manifest(String resourceName) {
                pause();
                return supply.manifest(resourceName);
            }

            @Override
            public ByteBuffer content(ByteBuffer request) {
                pause();
                return supply.content(request);
            }

            private void pause() {
                try {
                    new CountDownLatch(1).await(200, TimeUnit.MICROSECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    ended.incrementAndGet();
                    throw new WaitInterruptedException("interrupted while waiting for a class", e);
                }
            }
        };
    }

    @Test
    void aThreadUnderConstantInterruptsLoads200Classes() throws Exception {
        StringBuilder text = new StringBuilder("package com.acme;");
        for (int i = 0; i < 200; i++) { // none names another: two round trips for each
            text.append("class C" + i + " { }\n");
        }
        Path classes = new Sources().add("com/acme/All.java", text.toString()).compile(folder.resolve("classes"));
        AtomicInteger ended = new AtomicInteger();
        TestSupply supply = TestSupply.of(Sources.loader(classes));
        CodeSupply lenient = interruptible(
                new CodeSupply() { // an interrupt may come after the pause
                    @Override
                    public ByteBuffer manifest(String resourceName) {
                        return cleared(() -> supply.manifest(resourceName));
                    }

                    @Override
                    public ByteBuffer content(ByteBuffer request) {
                        return cleared(() -> supply.content(request));
                    }
                },
                ended);
        ShippedLoader loader =
                new ShippedLoader(1, PARENT, lenient, () -> new CodeCache(folder.resolve("cache"), 1 << 26));
        FutureTask<Integer> task = new FutureTask<>(() -> {
            while (!Thread.interrupted()) { // from then on they come
                Thread.onSpinWait();
            }
            int loaded = 0;
            for (int i = 0; i < 200; i++) {
                assertThat(Class.forName("com.acme.C" + i, true, loader).getClassLoader())
                        .isSameAs(loader);
                loaded++;
            }
            return loaded;
        });
        Thread thread = new Thread(task);
        AtomicBoolean done = new AtomicBoolean();
        Thread interrupter = new Thread(() -> {
            Random random = new Random(Rounds.SEED);
            while (!done.get()) {
                thread.interrupt();
                LockSupport.parkNanos(random.nextInt(300_000));
            }
        });
        thread.start();
        interrupter.start();
        try {
            assertThat(task.get(100, TimeUnit.SECONDS)).isEqualTo(200);
        } finally {
            done.set(true);
            interrupter.join();
        }
        assertThat(ended.get()).as("interrupts that ended a wait").isPositive();
    }

    private static ByteBuffer cleared(Callable<ByteBuffer> call) {
        boolean interrupted;
        try {
            while (true) {
                interrupted = Thread.interrupted();
                try {
                    return call.call();
                } catch (IllegalStateException e) {
                    continue; // interrupted within the check of the flag
                } finally {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theFlagIsClearWithinAndSetAfterwards() throws Exception {
        Path classes = new Sources()
                .add("com/acme/Job.java", "package com.acme; public class Job { }")
                .compile(folder.resolve("classes"));
        TestSupply supply = TestSupply.of(Sources.loader(classes));
        ShippedLoader loader =
                new ShippedLoader(1, PARENT, supply, () -> new CodeCache(folder.resolve("cache"), 1 << 26));
        Thread.currentThread().interrupt();
        Class<?> job = loader.loadClass("com.acme.Job");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(job.getClassLoader()).isSameAs(loader);
        Thread.currentThread().interrupt();
        assertThat(loader.getResource("none.txt")).isNull();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(loader.getResource("other.txt")).isNull();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aClientThatHasGoneIsNotAskedAgainBecauseOfAnInterruptBefore() {
        AtomicInteger asked = new AtomicInteger();
        CodeSupply gone = new CodeSupply() {
            @Override
            public ByteBuffer manifest(String resourceName) {
                asked.incrementAndGet();
                throw new ConnectionException("closed");
            }

            @Override
            public ByteBuffer content(ByteBuffer request) {
                throw new ConnectionException("closed");
            }
        };
        ShippedLoader loader =
                new ShippedLoader(1, PARENT, gone, () -> new CodeCache(folder.resolve("cache"), 1 << 26));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> loader.loadClass("com.acme.Job")).isInstanceOf(ClassNotFoundException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).hasValue(1);
    }
}
