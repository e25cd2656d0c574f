// SPDX-License-Identifier: Apache-2.0
/**
 * Functions that run somewhere else: in another thread, another JVM, another machine. Begin at
 * {@link org.processional.Processional}.
 *
 * <p>This module holds the types and the service interfaces alone; what runs is found by
 * {@link java.util.ServiceLoader} on the module path or the class path.
 *
 * @uses org.processional.spi.EngineProvider
 * @uses org.processional.spi.Transport
 * @uses org.processional.spi.CodecProvider
 * @uses org.processional.spi.Launcher
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the friends are built after this module
module org.processional {
    requires static org.jspecify; // annotations only, nobody needs it at run time

    exports org.processional;
    exports org.processional.spi;
    exports org.processional.spi.channel to
            org.processional.transport.tcp,
            org.processional.transport.unix;

    uses org.processional.spi.EngineProvider;
    uses org.processional.spi.Transport;
    uses org.processional.spi.CodecProvider;
    uses org.processional.spi.Launcher;
}
