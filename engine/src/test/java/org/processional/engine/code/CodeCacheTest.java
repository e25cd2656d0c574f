// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.CodecException;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;
import org.processional.engine.testing.LogCapture;

@Timeout(60)
final class CodeCacheTest {
    @TempDir
    Path folder;

    private static byte[] content(int seed, int bytes) {
        byte[] content = new byte[bytes];
        new java.util.Random(seed).nextBytes(content);
        return content;
    }

    private static Entry entry(byte[] content) {
        return new Entry(Kind.RESOURCE, "com/acme/a b.txt", "a b.txt", Hash.of(content), content.length);
    }

    private static Entry put(CodeCache cache, byte[] content) {
        Entry entry = entry(content);
        try (IncomingContent incoming = cache.receive(entry)) {
            incoming.append(ByteBuffer.wrap(content, 0, content.length / 2));
            incoming.append(ByteBuffer.wrap(content, content.length / 2, content.length - content.length / 2));
            incoming.commit();
        }
        return entry;
    }

    @Test
    void filesAreForTheirOwnerAlone() throws Exception {
        CodeCache cache = new CodeCache(folder.resolve("a/b"), 1 << 20);
        byte[] content = content(1, 1000);
        Entry entry = put(cache, content);
        assertThat(cache.read(entry)).isEqualTo(content);
        Path file = cache.find(entry);
        assertThat(file).hasBinaryContent(content);
        assertThat(file.getFileName().toString()).isEqualTo(entry.hash() + "-a_b.txt");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (String made : List.of("a", "a/b")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(made))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void whatIsNotAsAnnouncedIsNotTakenIn() throws Exception {
        CodeCache cache = new CodeCache(folder, 1 << 20);
        Entry entry = entry(content(1, 1000));
        try (IncomingContent incoming = cache.receive(entry)) {
            incoming.append(ByteBuffer.wrap(content(2, 1000)));
            assertThatThrownBy(incoming::commit)
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining(entry.hash().hex())
                    .hasMessageContaining("a b.txt");
        }
        try (IncomingContent incoming = cache.receive(entry)) {
            assertThatThrownBy(() -> incoming.append(ByteBuffer.wrap(content(2, 1001))))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("1000");
        }
        assertThat(cache.find(entry)).isNull();
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aDamagedFileIsDeleted() throws Exception {
        CodeCache cache = new CodeCache(folder, 1 << 20);
        byte[] content = content(1, 1000);
        for (boolean whole : new boolean[] {true, false}) {
            Entry entry = put(cache, content);
            Path file = cache.find(entry);
            Files.write(file, whole ? content(2, 1000) : content(2, 999));
            if (whole) {
                assertThat(cache.read(entry)).isNull();
            } else {
                assertThat(cache.find(entry)).isNull();
            }
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws Exception {
        CodeCache cache = new CodeCache(folder, 10_000);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Entry entry = put(cache, content(i, 1000));
            entries.add(entry);
            Instant used = Instant.now().minus(Duration.ofHours(20 - i));
            Files.setLastModifiedTime(cache.find(entry), FileTime.from(used));
        }
        assertThat(cache.read(entries.get(0))).isNotNull(); // that is a use
        for (int i = 10; i < 13; i++) {
            put(cache, content(i, 1000));
        }
        assertThat(files(folder).stream()
                        .mapToLong(file -> file.toFile().length())
                        .sum())
                .isLessThanOrEqualTo(10_000);
        assertThat(cache.read(entries.get(0))).isNotNull();
        assertThat(cache.read(entries.get(1))).isNull();
        assertThat(cache.read(entries.get(8))).isNotNull();
    }

    @Test
    void whatWritersLeftBehindIsDeletedLater() throws Exception {
        Path old = Files.createTempFile(folder, CacheTrimmer.FRESH, ".part");
        Path young = Files.createTempFile(folder, CacheTrimmer.FRESH, ".part");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        put(new CodeCache(folder, 1 << 20), content(1, 1000));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void aFolderThatCannotBeUsedIsReplacedUntilTheEnd() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Path unfit : List.of(file.resolve("cache"), open)) {
            CodeCache cache = new CodeCache(unfit, 1 << 20);
            try (LogCapture log = new LogCapture()) {
                byte[] content = content(1, 1000);
                Entry entry = put(cache, content);
                assertThat(cache.read(entry)).isEqualTo(content);
                put(cache, content(2, 1000));
                assertThat(log.text()).containsOnlyOnce(unfit.toString() + " cannot be used");
            }
            assertThat(cache.folder()).isNotEqualTo(unfit);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.folder())))
                    .isEqualTo("rwx------");
        }
        assertThat(files(open)).isEmpty();
    }

    @Test
    void manyCachesShareOneFolder() throws Exception {
        CyclicBarrier start = new CyclicBarrier(6);
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            CodeCache cache = new CodeCache(folder, 20_000);
            FutureTask<Void> user = new FutureTask<>(() -> {
                start.await(30, TimeUnit.SECONDS);
                for (int round = 0; round < 200; round++) {
                    byte[] content = content(round % 40, 1000);
                    byte[] read = cache.read(entry(content));
                    if (read == null) {
                        put(cache, content);
                    } else {
                        assertThat(read).isEqualTo(content);
                    }
                }
                return null;
            });
            users.add(user);
            new Thread(user).start();
        }
        for (FutureTask<Void> user : users) {
            user.get(50, TimeUnit.SECONDS);
        }
        assertThat(files(folder))
                .allSatisfy(file -> assertThat(file.getFileName().toString()).doesNotStartWith(CacheTrimmer.FRESH));
    }

    @Test
    void thePropertyComesBeforeTheEnvironment() {
        Path ofHome = Path.of("/h/.cache/processional");
        assertThat(CodeCache.configuredFolder("/p", "/x", "/h")).isEqualTo(Path.of("/p"));
        assertThat(CodeCache.configuredFolder("p", "/x", "/h"))
                .isEqualTo(Path.of("p").toAbsolutePath());
        assertThat(CodeCache.configuredFolder(null, "/x", "/h")).isEqualTo(Path.of("/x/processional"));
        assertThat(CodeCache.configuredFolder(null, "x", "/h")).isEqualTo(ofHome);
        assertThat(CodeCache.configuredFolder("", null, "/h")).isEqualTo(ofHome);
    }

    /** As a container has it that runs under a number which stands in no list of users. */
    @Test
    void whoHasNoHomeHasATemporaryFolder() throws Exception {
        CodeCache cache = new CodeCache(CodeCache.configuredFolder(null, null, "?"), 1 << 20);
        try (LogCapture log = new LogCapture()) {
            byte[] content = content(1, 1000);
            assertThat(cache.read(put(cache, content))).isEqualTo(content);
            assertThat(log.text()).contains("this user has no home; set XDG_CACHE_HOME");
        }
        assertThat(cache.folder().getFileName().toString()).startsWith("processional-code-");
        assertThat(Path.of("?")).doesNotExist();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
