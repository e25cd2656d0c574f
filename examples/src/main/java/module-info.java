// SPDX-License-Identifier: Apache-2.0
/**
 * The programs of the README: a module that asks for Processional alone, opens nothing, and exports nothing.
 */
@org.jspecify.annotations.NullMarked
module org.processional.examples {
    requires static org.jspecify; // annotations only, nobody needs it at run time
    requires org.processional;
}
