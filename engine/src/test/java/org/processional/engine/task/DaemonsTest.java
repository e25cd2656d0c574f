// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of the engine keep nothing of the thread that needed them first. */
@Timeout(60)
class DaemonsTest {
    private static final InheritableThreadLocal<String> OF_USER = new InheritableThreadLocal<>();

    /** What a thread has that was made in one of a user's. */
    private record Seen(String local, ClassLoader loader, boolean daemon) {
        static Seen now() {
            Thread self = Thread.currentThread();
            return new Seen(OF_USER.get(), self.getContextClassLoader(), self.isDaemon());
        }
    }

    /** Runs something in a thread that has a thread local and a class loader of a user's. */
    private static void asUser(Runnable work) throws InterruptedException {
        Thread user = new Thread(() -> {
            OF_USER.set("of the user");
            Thread.currentThread().setContextClassLoader(new ClassLoader() {});
            work.run();
        });
        user.start();
        user.join();
    }

    @Test
    void aDaemonInheritsNothing() throws Exception {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        asUser(() -> Daemons.make("daemon", () -> seen.complete(Seen.now())).start());
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(new Seen(null, ClassLoader.getSystemClassLoader(), true));
    }

    /** More than there are already: some are made now. */
    @Test
    void threadsOfThePoolInheritNothing() throws Exception {
        int many = 20;
        CountDownLatch begun = new CountDownLatch(many);
        CompletableFuture<Seen> wrong = new CompletableFuture<>();
        asUser(() -> {
            for (int i = 0; i < many; i++) {
                Completions.run(() -> {
                    Seen seen = Seen.now();
                    if (seen.local() != null) {
                        wrong.complete(seen);
                    }
                    begun.countDown();
                    awaitQuietly(begun);
                });
            }
        });
        awaitQuietly(begun);
        assertThat(wrong).isNotDone();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
