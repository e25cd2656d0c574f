// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.Rounds;

@Timeout(60)
class ReadingRoleTest {
    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "test-role");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void oneHolderAtATime() {
        ReadingRole role = new ReadingRole();
        assertThat(role.tryClaim()).isTrue();
        assertThat(role.tryClaim()).isFalse();
        assertThat(role.deputyBegins()).isFalse();
        role.release(false);
        assertThat(role.tryClaim()).isTrue();
    }

    @Test
    void theDeputyTakesARoleThatNobodyServes() throws InterruptedException {
        ReadingRole role = new ReadingRole();
        AtomicBoolean end = new AtomicBoolean();
        Thread deputy = start(() -> role.deputyTakesRole(() -> false, end::get));
        role.deputyIs(deputy);
        deputy.join(20_000);
        assertThat(role.isDeputys()).isTrue();
        assertThat(role.tryClaim()).as("from a deputy that waits").isTrue();
        assertThat(role.deputyBegins()).isFalse();
    }

    @Test
    void theDeputyHasTheRoleThatIsGivenBack() throws InterruptedException {
        ReadingRole role = new ReadingRole();
        role.deputyIs(Thread.currentThread());
        role.deputyTakesRole(() -> false, () -> false);
        assertThat(role.tryClaim()).isTrue();
        role.giveBack();
        assertThat(role.deputyBegins()).as("it waited all the time").isTrue();
        role.deputyPauses();

        assertThat(role.tryClaim()).isTrue();
        Thread deputy = start(() -> role.deputyTakesRole(() -> false, () -> false)); // it has just come out
        role.deputyIs(deputy);
        role.giveBack();
        deputy.join(20_000);
        assertThat(deputy.isAlive()).isFalse();
        assertThat(role.isDeputys()).isTrue();
        assertThat(role.tryClaim()).isTrue();
    }

    @Test
    void aDeputyThatSleepsIsWokenForTheRoleThatIsGivenBack() throws InterruptedException {
        ReadingRole role = new ReadingRole();
        assertThat(role.tryClaim()).isTrue();
        Thread deputy = start(() -> role.deputyTakesRole(() -> false, () -> false));
        role.deputyIs(deputy);
        awaitSleep(deputy);
        role.giveBack();
        deputy.join(20_000);
        assertThat(deputy.isAlive()).isFalse();
        assertThat(role.isDeputys()).isTrue();
    }

    private static void awaitSleep(Thread thread) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.WAITING); // without a limit
    }

    @Test
    void nobodyTakesTheRoleFromADeputyThatReads() {
        ReadingRole role = new ReadingRole();
        role.deputyIs(Thread.currentThread());
        role.deputyTakesRole(() -> false, () -> false);
        assertThat(role.deputyBegins()).isTrue();
        assertThat(role.tryClaim()).isFalse();
        role.deputyPauses();
        assertThat(role.isDeputys()).isTrue();
        assertThat(role.tryClaim()).isTrue();
    }

    @Test
    void aDeputyThatSleepsIsWokenByARelease() throws InterruptedException {
        ReadingRole role = new ReadingRole();
        assertThat(role.tryClaim()).isTrue();
        Thread deputy = start(() -> role.deputyTakesRole(() -> false, () -> false));
        role.deputyIs(deputy);
        awaitSleep(deputy);
        role.release(false);
        deputy.join(20_000);
        assertThat(role.isDeputys()).isTrue();
    }

    @Test
    void whoHopesForTheRoleIsWokenByARelease() throws InterruptedException {
        for (int i = 0; i < Rounds.of(500); i++) {
            ReadingRole role = new ReadingRole();
            assertThat(role.tryClaim()).isTrue();
            Thread hopeful = start(() -> {
                while (!role.tryClaim()) {
                    role.parkHopefully(Long.MAX_VALUE, () -> false);
                }
            });
            if (i % 2 == 0) {
                awaitSleep(hopeful);
            }
            if (i % 3 == 0) {
                role.giveBack();
            } else {
                role.release(false);
            }
            hopeful.join(20_000);
            assertThat(hopeful.isAlive()).isFalse();
        }
    }

    @Test
    void aWakeUpThatReachesOneWhoIsDoneIsPassedOn() throws InterruptedException {
        for (int i = 0; i < Rounds.of(200); i++) {
            ReadingRole role = new ReadingRole();
            AtomicBoolean done = new AtomicBoolean();
            assertThat(role.tryClaim()).isTrue();
            Thread first = start(() -> {
                boolean offered = false;
                while (!done.get()) {
                    offered |= role.parkHopefully(Long.MAX_VALUE, done::get);
                }
                if (offered) {
                    role.passOn();
                }
            });
            awaitSleep(first);
            AtomicInteger served = new AtomicInteger();
            Thread second = start(() -> {
                while (!role.tryClaim()) {
                    role.parkHopefully(Long.MAX_VALUE, () -> false);
                }
                served.incrementAndGet();
            });
            awaitSleep(second);
            done.set(true); // the first is done, and the release wakes it all the same
            if (i % 2 == 0) {
                role.giveBack();
            } else {
                role.release(false);
            }
            second.join(20_000);
            assertThat(served).hasValue(1);
            LockSupport.unpark(first);
            first.join(20_000);
            assertThat(first.isAlive()).isFalse();
        }
    }
}
