// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.transport.unix.UnixTransport;

final class RingFileTest {
    @TempDir
    Path disk;

    @BeforeEach
    void use() {
        System.setProperty(RingFile.DIRECTORY_PROPERTY, disk.toString());
    }

    @AfterEach
    void restore() {
        System.clearProperty(RingFile.DIRECTORY_PROPERTY);
    }

    private RingFile create() throws IOException {
        return RingFile.create(ShmAddress.of(Address.parse("shm:" + disk.resolve("s")), new UnixTransport()));
    }

    @Test
    void whatNobodyAcceptedIsDeletedAfterAWhile() throws IOException {
        RingFile file = create();
        file.close(true, false);
        RingFile.deleteAbandoned(Long.MAX_VALUE);
        assertThat(file.path()).exists(); // somebody may yet accept it
        RingFile.deleteAbandoned(-1);
        assertThat(file.path()).doesNotExist();
    }
}
