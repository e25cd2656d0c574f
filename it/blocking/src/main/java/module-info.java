// SPDX-License-Identifier: Apache-2.0
/** A stranger's transport. */
module org.example.blocking {
    requires org.processional;

    provides org.processional.spi.Transport with
            org.example.blocking.BlockingTransport;
}
