// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFolderTest {
    @TempDir
    Path folder;

    @Test
    void aFolderOfOnesOwnIsMadeAndTaken() throws Exception {
        Path own = folder.resolve("a/b");
        PrivateFolder.make(own);
        PrivateFolder.make(own); // there already
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatOthersCanWriteToIsRefused() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThatThrownBy(() -> PrivateFolder.require(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 700 " + folder);
    }

    @Test
    void aFolderOfAnotherUserIsRefusedThoughNobodyElseCanWriteToIt() throws Exception {
        UserPrincipal self = Files.getOwner(folder);
        UserPrincipal other =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("54321");
        PrivateFolder.requireOwner(folder, self, self);
        assertThatThrownBy(() -> PrivateFolder.requireOwner(folder, other, self))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder + " belongs to 54321")
                .hasMessageContaining(self.getName());
    }
}
