// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slave;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Slaves as beans of CDI: produced and closed by the container. */
@Timeout(120)
class CdiTest {
    @ApplicationScoped
    static class Slaves {
        @Produces
        @Singleton
        SlaveProcess worker() {
            return slave(SlaveOptions.builder().name("worker").build());
        }

        void close(@Disposes SlaveProcess worker) {
            worker.close();
        }
    }

    /** A bean that uses the slave. */
    @Singleton
    static class Cubes {
        private final SlaveProcess worker;

        @Inject
        Cubes(SlaveProcess worker) {
            this.worker = worker;
        }

        int cube(int number) {
            return worker.invoke(() -> number * number * number);
        }
    }

    @Test
    void aSlaveLivesAsLongAsItsContainer() {
        SlaveProcess worker;
        try (SeContainer container = SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(Slaves.class, Cubes.class)
                .initialize()) {
            assertThat(container.select(Cubes.class).get().cube(3)).isEqualTo(27);
            worker = container.select(SlaveProcess.class).get();
        }
        assertThat(worker.isOpen()).isFalse();
        assertThat(worker.exitCode()).contains(0);
    }
}
