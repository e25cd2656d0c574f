// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Slaves that have started before somebody asks for them. */
@Tag("alone")
@Timeout(120)
class ReserveTest {
    private static final long HANDED_OUT_NANOS = 5_000_000; // no JVM starts within it

    private final Set<String> marks = new HashSet<>(); // of this test

    private SlaveOptions options(String mark) {
        marks.add(mark);
        return SlaveOptions.builder().flags("-Dmark=" + mark).reserve(1).build();
    }

    /** Others in this JVM count its children. A slave that was taken has another start, which comes first. */
    @AfterEach
    void endWhatWaits() {
        marks.forEach(mark -> {
            await().atMost(Duration.ofSeconds(60)).until(() -> !waiting(mark).isEmpty());
            waiting(mark).forEach(ProcessHandle::destroyForcibly);
            await().until(() -> waiting(mark).isEmpty());
        });
    }

    /** Takes slaves until one was there already. */
    private static SlaveProcess ready(SlaveOptions options) {
        AtomicReference<SlaveProcess> taken = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    long begin = System.nanoTime();
                    SlaveProcess slave = slave(options);
                    boolean atOnce = System.nanoTime() - begin < HANDED_OUT_NANOS;
                    if (atOnce) {
                        taken.set(slave);
                    } else {
                        slave.close();
                    }
                    return atOnce;
                });
        return taken.get();
    }

    @Test
    void aSlaveIsHandedOutAtOnceAndWorks() {
        try (SlaveProcess slave = ready(options("at-once"))) {
            assertThat(slave.<String, RuntimeException>invoke(() -> System.getProperty("mark")))
                    .isEqualTo("at-once");
        }
    }

    @Test
    void onlyEqualOptionsGetOne() {
        ready(options("one")).close();
        try (SlaveProcess other = slave(options("two"))) {
            assertThat(other.<String, RuntimeException>invoke(() -> System.getProperty("mark")))
                    .isEqualTo("two");
        }
    }

    @Test
    void aDeadOneIsNotHandedOut() {
        SlaveOptions options = options("dead");
        ready(options).close();
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting("dead").size() == 1);
        ProcessHandle dead = waiting("dead").get(0);
        dead.destroyForcibly();
        dead.onExit().join(); // this process has heard of it
        try (SlaveProcess slave = slave(options)) {
            assertThat(slave.<String, RuntimeException>invoke(() -> System.getProperty("mark")))
                    .isEqualTo("dead");
        }
    }

    /** The slaves of this process with a mark; the one that the test had is gone. */
    private static List<ProcessHandle> waiting(String mark) {
        return ProcessHandle.current()
                .children()
                .filter(child -> Jvm.isAlive(child.pid()))
                .filter(child -> child.info().commandLine().orElse("").contains("-Dmark=" + mark + " "))
                .toList();
    }
}
