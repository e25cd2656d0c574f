// SPDX-License-Identifier: Apache-2.0
/**
 * The engine: everything that runs. It exports nothing to users; it is found by {@link java.util.ServiceLoader}.
 *
 * @provides org.processional.spi.EngineProvider
 * @provides org.processional.spi.Launcher
 */
@org.jspecify.annotations.NullMarked
module org.processional.engine {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires static jdk.unsupported; // sun.misc.Unsafe, which tells before Java 22 where shared memory is mapped
    requires static java.logging; // whose records a slave gives to its master, where it has it
    requires java.management; // the flags of this JVM, which slaves inherit
    requires org.processional;
    requires com.lmax.disruptor;
    requires org.slf4j;

    exports org.processional.engine.log to
            org.slf4j; // which makes the provider of a slave that logs to its master

    provides org.processional.spi.EngineProvider with
            org.processional.engine.ProcessionalEngineProvider;
    provides org.processional.spi.Launcher with
            org.processional.engine.process.LocalLauncher;
}
