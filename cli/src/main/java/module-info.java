// SPDX-License-Identifier: Apache-2.0
/**
 * The command line, {@code processional}. No slave has a use for it, so it is a module of its own.
 */
@org.jspecify.annotations.NullMarked
module org.processional.cli {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires info.picocli;
    requires java.management; // the flags of this JVM, for those that it starts
    requires org.processional;

    opens org.processional.cli to
            info.picocli; // which fills the fields of the commands
    opens org.processional.cli.soak to
            info.picocli; // the same
}
