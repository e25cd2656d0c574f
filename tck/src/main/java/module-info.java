// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance kit: the rules of transports, codecs, launchers and of the whole as abstract test classes, and a
 * transport in memory and a codec of plain Java serialization, made to be read.
 *
 * @provides org.processional.spi.Transport
 * @provides org.processional.spi.CodecProvider
 */
@org.jspecify.annotations.NullMarked
module org.processional.tck {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires transitive org.processional;
    requires transitive org.junit.jupiter.api; // the rules are test methods
    requires org.assertj.core;

    exports org.processional.tck;
    exports org.processional.tck.faults;
    exports org.processional.tck.memory;

    provides org.processional.spi.Transport with
            org.processional.tck.memory.MemoryTransport,
            org.processional.tck.memory.PlainMemoryTransport,
            org.processional.tck.faults.FaultyTransport.OverMemory,
            org.processional.tck.faults.FaultyTransport.OverPlainMemory;
    provides org.processional.spi.CodecProvider with
            org.processional.tck.JavaCodec;
}
