// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slave;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Slaves as beans of Spring: configured by its properties, closed with its context. */
@Timeout(120)
class SpringTest {
    @Configuration
    static class Slaves {
        @Bean
        SlaveOptions options(@Value("${worker.heap:64m}") String heap) {
            return SlaveOptions.builder().name("worker").heap(heap).build();
        }

        @Bean(destroyMethod = "close")
        SlaveProcess worker(SlaveOptions options) {
            return slave(options);
        }

        @Bean
        Squares squares(SlaveProcess worker) {
            return new Squares(worker);
        }
    }

    @Test
    void aSlaveLivesAsLongAsItsContext() {
        SlaveProcess worker;
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("own", Map.of("worker.heap", "48m")));
            context.register(Slaves.class);
            context.refresh();
            assertThat(context.getBean(Squares.class).square(12)).isEqualTo(144);
            assertThat(context.getBean(SlaveOptions.class).heap()).isEqualTo("48m");
            worker = context.getBean(SlaveProcess.class);
        }
        assertThat(worker.isOpen()).isFalse();
        assertThat(worker.exitCode()).contains(0);
    }
}
