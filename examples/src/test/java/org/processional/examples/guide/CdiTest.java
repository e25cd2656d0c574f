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
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** Slaves as beans of CDI: configured by its beans, produced and closed by the container. */
@Timeout(120)
class CdiTest {
    @ApplicationScoped
    static class Slaves {
        @Produces
        @Singleton
        SlaveOptions options(@Named("worker.heap") String heap) {
            return SlaveOptions.builder().name("worker").heap(heap).build();
        }

        @Produces
        @Singleton
        SlaveProcess worker(SlaveOptions options) {
            return slave(options);
        }

        void close(@Disposes SlaveProcess worker) {
            worker.close();
        }
    }

    /** The program's settings; with MicroProfile Config, {@code @ConfigProperty} stands in their place. */
    static class Settings {
        @Produces
        @Named("worker.heap")
        String heap() {
            return System.getProperty("worker.heap", "64m");
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

    @BeforeEach
    void configure() {
        System.setProperty("worker.heap", "48m");
    }

    @AfterEach
    void forget() {
        System.clearProperty("worker.heap");
    }

    @Test
    void aSlaveLivesAsLongAsItsContainer() {
        SlaveProcess worker;
        try (SeContainer container = SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(Settings.class, Slaves.class, Cubes.class)
                .initialize()) {
            assertThat(container.select(Cubes.class).get().cube(3)).isEqualTo(27);
            assertThat(container.select(SlaveOptions.class).get().heap()).isEqualTo("48m");
            worker = container.select(SlaveProcess.class).get();
        }
        assertThat(worker.isOpen()).isFalse();
        assertThat(worker.exitCode()).contains(0);
    }
}
