// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.processional.Limits;
import org.processional.spi.Address;

/** What a slave is told. */
class StartOrdersTest {
    static StartOrders orders(String filter) {
        return new StartOrders(
                Address.parse("unix:/tmp/x"),
                "näme",
                "secret",
                true,
                false,
                true,
                7,
                8,
                9,
                "org.example.First",
                true,
                "transport",
                "codec",
                false,
                "selectors",
                filter,
                Limits.builder().exports(5).build(),
                "INFO",
                true);
    }

    private static byte[] written(StartOrders orders) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        orders.write(bytes);
        return bytes.toByteArray();
    }

    /** A filter that names many classes is longer than the JDK's form of a string can be. */
    @Test
    void ordersOfAnyLengthArriveAsTheyAre() throws IOException {
        for (String filter : new String[] {"", "java.util.*", "org.example.Class0001;".repeat(10_000)}) {
            StartOrders orders = orders(filter);
            assertThat(StartOrders.read(new ByteArrayInputStream(written(orders))))
                    .isEqualTo(orders);
        }
    }

    @Test
    void ordersThatEndTooEarlyAreRefused() throws IOException {
        byte[] bytes = written(orders("java.util.*"));
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StartOrders.read(new ByteArrayInputStream(part)))
                    .isInstanceOf(EOFException.class);
        }
    }
}
