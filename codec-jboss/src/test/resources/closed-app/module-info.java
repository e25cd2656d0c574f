// SPDX-License-Identifier: Apache-2.0
/** An application that opens nothing and exports nothing. */
module closed.app {
    requires org.processional;

    uses org.processional.spi.CodecProvider;
}
