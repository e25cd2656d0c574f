// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.spi.Address;

/** The three kinds of addresses. */
enum Kind {
    JDK,
    JNR,
    ABSTRACT;

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An address that no other test uses. */
    Address address(Path directory) {
        String name = "s" + COUNT.incrementAndGet();
        return switch (this) {
            case JDK -> Address.parse("unix:" + directory.resolve(name));
            case JNR -> Address.parse("unix:" + directory.resolve(name) + "?provider=jnr");
            case ABSTRACT ->
                Address.parse(
                        "unix:@processional-test-" + ProcessHandle.current().pid() + "-" + name);
        };
    }
}
