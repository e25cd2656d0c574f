// SPDX-License-Identifier: Apache-2.0
/**
 * The codecs {@code river} and {@code serial}: own, short forms for what tasks usually carry, JBoss Marshalling for the
 * rest.
 *
 * @provides org.processional.spi.CodecProvider
 */
@org.jspecify.annotations.NullMarked
module org.processional.codec.jboss {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires org.processional;
    requires jdk.unsupported; // sun.reflect.ReflectionFactory, which serializes without --add-opens, here and in JBoss
    requires java.logging; // JBoss Marshalling logs with it, and cannot say so: its jars are automatic modules
    requires org.jboss.marshalling;
    requires org.jboss.marshalling.river;
    requires org.jboss.marshalling.serial;

    provides org.processional.spi.CodecProvider with
            org.processional.codec.jboss.RiverCodecProvider,
            org.processional.codec.jboss.SerialCodecProvider;
}
