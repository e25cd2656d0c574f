// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.processional.ClientOptions;
import org.processional.engine.testing.Rounds;
import org.processional.tck.EngineRules;

/** The contracts of the engine over the transport in memory, pollable and not, in calm and in stormy weather. */
class MemoryEngineTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** The rules at addresses of one kind. */
    abstract static class Rules extends EngineRules {
        private final String scheme;
        private final boolean storm;
        private final String codec;

        Rules(String scheme, boolean storm, String codec) {
            this.scheme = scheme;
            this.storm = storm;
            this.codec = codec;
        }

        @Override
        protected String address() {
            int number = COUNT.incrementAndGet();
            String address = scheme + ":engine-" + number;
            if (storm) {
                address += "?weather=storm&seed=" + (Rounds.SEED + number);
                System.out.println(address); // what a failure is repeated with
            }
            return address;
        }

        @Override
        protected ClientOptions clientOptions() {
            return ClientOptions.builder().codec(codec).build();
        }

        @Override
        protected int rounds(int full) {
            return Rounds.of(full);
        }
    }

    @Nested
    class Calm extends Rules {
        Calm() {
            super("mem", false, "river");
        }
    }

    @Nested
    class CalmWithJavaSerialization extends Rules {
        CalmWithJavaSerialization() {
            super("mem", false, "java");
        }
    }

    @Nested
    class CalmWithReaderThreads extends Rules {
        CalmWithReaderThreads() {
            super("mem-plain", false, "river");
        }
    }

    @Nested
    class Storm extends Rules {
        Storm() {
            super("mem", true, "river");
        }
    }

    @Nested
    class StormWithReaderThreads extends Rules {
        StormWithReaderThreads() {
            super("mem-plain", true, "serial");
        }
    }
}
