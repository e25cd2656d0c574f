// SPDX-License-Identifier: Apache-2.0
/**
 * The engine: everything that runs. It exports nothing; it is found by {@link java.util.ServiceLoader}.
 *
 * @provides org.processional.spi.EngineProvider
 * @provides org.processional.spi.Launcher
 */
@org.jspecify.annotations.NullMarked
module org.processional.engine {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires java.management; // the flags of this JVM, which slaves inherit
    requires org.processional;
    requires com.lmax.disruptor;
    requires org.slf4j;

    provides org.processional.spi.EngineProvider with
            org.processional.engine.ProcessionalEngineProvider;
    provides org.processional.spi.Launcher with
            org.processional.engine.process.LocalLauncher;
}
