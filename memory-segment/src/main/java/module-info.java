// SPDX-License-Identifier: Apache-2.0
/** Shared memory as a {@link java.lang.foreign.MemorySegment}, for Java 22 and later. */
@org.jspecify.annotations.NullMarked
module org.processional.segment {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires transitive org.processional;

    exports org.processional.segment;
}
