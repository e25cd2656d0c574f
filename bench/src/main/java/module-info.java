// SPDX-License-Identifier: Apache-2.0
/** How fast it is: JMH benches, and a comparison with the limits of the machine, least code and peers. */
@org.jspecify.annotations.NullMarked
module org.processional.bench {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires java.management; // the load of the machine, beside the figures
    requires transitive java.rmi; // a peer, whose remote interface has to be public
    requires jdk.unsupported; // JMH uses sun.misc.Unsafe, and cannot say so: its jar is an automatic module
    requires jmh.core;
    requires HdrHistogram;
    requires org.processional;

    exports org.processional.bench;
}
