// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.Log;

/**
 * The contents that clients have shipped, on disk: each in a file that is named for its hash, for all processes of the
 * user. By default in {@code $XDG_CACHE_HOME/processional/code} or {@code ~/.cache/processional/code}, up to 512 MiB;
 * {@value #FOLDER_PROPERTY} and {@value #LIMIT_PROPERTY} (bytes) say otherwise. What was not used for the longest time
 * goes first. Where that folder cannot be written, is another user's, or others can write to it, or the user has no home,
 * a temporary one serves until this process ends.
 *
 * <p>A file is never there half: it is written under another name and moved. Its hash is checked when it is written and
 * when it is read, and a damaged one is deleted, so that it is asked for anew.
 *
 * <p><b>Threads:</b> any thread, and any number of processes at once. Another process may delete a file at any time; who
 * has it open keeps it.
 */
public final class CodeCache {
    /** System property: the folder, in which there will be one named {@code code}. */
    public static final String FOLDER_PROPERTY = "processional.cache";

    /** System property: most bytes. */
    public static final String LIMIT_PROPERTY = "processional.cache.limit";

    private static final long LIMIT_BYTES = 512L << 20;
    private static final int LONGEST_FILE_NAME = 80;

    private static final class Holder {
        static final CodeCache CACHE =
                new CodeCache(rootOfUser().resolve("code"), Long.getLong(LIMIT_PROPERTY, LIMIT_BYTES));
    }

    private volatile Path folder; // written under this
    private boolean isFallback; // guarded by this
    private final CacheTrimmer trimmer;

    /**
     * Makes a cache; the folder is made when it is needed.
     *
     * @param folder where the files are; one that is not absolute is none
     * @param limitBytes what their sizes may sum up to
     */
    public CodeCache(Path folder, long limitBytes) {
        this.folder = folder;
        this.trimmer = new CacheTrimmer(limitBytes);
    }

    /** The cache of this process, as its system properties have it. */
    public static CodeCache ofUser() {
        return Holder.CACHE;
    }

    /**
     * The folder of all that is kept for the user whose process this is, as the system properties have it; not absolute
     * where there is none, for the user has no home.
     */
    public static Path rootOfUser() {
        return configuredFolder(
                System.getProperty(FOLDER_PROPERTY),
                System.getenv("XDG_CACHE_HOME"),
                System.getProperty("user.home", ""));
    }

    static Path configuredFolder(@Nullable String property, @Nullable String xdg, String home) {
        if (property != null && !property.isEmpty()) {
            return Path.of(property).toAbsolutePath();
        }
        return (xdg != null && xdg.startsWith("/") ? Path.of(xdg) : Path.of(home, ".cache")).resolve("processional");
    }

    /** Where the files are now. */
    public Path folder() {
        return folder;
    }

    /** The file of a content; null if there is none, or it was damaged and is deleted. */
    @Nullable
    Path find(Manifest.Entry entry) {
        Path file = folder.resolve(fileName(entry));
        try {
            if (Files.size(file) == entry.bytes()) {
                CacheTrimmer.noteUse(file);
                if (Hash.of(file).equals(entry.hash())) {
                    return file;
                }
            }
            Files.deleteIfExists(file);
            return null;
        } catch (IOException e) { // gone, or unreadable: it is asked for anew
            return null;
        }
    }

    /** The bytes of a content that is not large; null if there is none, or it was damaged and is deleted. */
    byte @Nullable [] read(Manifest.Entry entry) {
        Path file = folder.resolve(fileName(entry));
        try {
            byte[] bytes;
            try (InputStream in = new FileInputStream(file.toFile())) { // no channel: an interrupt would close it
                bytes = in.readAllBytes();
            }
            if (Hash.of(bytes).equals(entry.hash())) {
                CacheTrimmer.noteUse(file);
                return bytes;
            }
            Files.deleteIfExists(file);
            return null;
        } catch (IOException e) { // gone, or unreadable: it is asked for anew
            return null;
        }
    }

    /**
     * Begins to take a content in.
     *
     * @throws CodecException if there is no folder for it
     */
    IncomingContent receive(Manifest.Entry entry) {
        try {
            Path fresh = freshFile();
            trimmer.makeRoom(fresh, entry.bytes());
            return new IncomingContent(entry, fresh, fresh.resolveSibling(fileName(entry)));
        } catch (IOException e) {
            throw new CodecException(
                    "no folder for the code of clients: neither " + folder
                            + " nor the temporary folder can be written (" + e + "); name another with -D"
                            + FOLDER_PROPERTY + "=PATH",
                    e);
        }
    }

    private synchronized Path freshFile() throws IOException {
        try {
            return freshFile(folder);
        } catch (IOException e) {
            if (isFallback) {
                throw e;
            }
            Path fallback = Files.createTempDirectory("processional-code-");
            Log.engine()
                    .warn(
                            "the cache of shipped code {} cannot be used ({}); {} serves until this process ends",
                            folder,
                            e.toString(),
                            fallback);
            try {
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> CacheTrimmer.delete(fallback), "processional-code-exit"));
            } catch (IllegalStateException ending) { // the JVM is
                CacheTrimmer.delete(fallback);
                throw ending;
            }
            isFallback = true;
            folder = fallback;
            return freshFile(fallback);
        }
    }

    private static Path freshFile(Path folder) throws IOException {
        if (!folder.isAbsolute()) {
            throw new IOException(
                    "this user has no home; set XDG_CACHE_HOME, or name a folder with -D" + FOLDER_PROPERTY + "=PATH");
        }
        PrivateFolder.make(folder);
        return Files.createTempFile(folder, CacheTrimmer.FRESH, ".part"); // readable by its owner alone
    }

    /** The hash, and behind it a name for those who read messages and for code that looks at the ending. */
    static String fileName(Manifest.Entry entry) {
        String file = entry.file().replaceAll("[^A-Za-z0-9._$-]", "_");
        return entry.hash() + "-" + file.substring(Math.max(0, file.length() - LONGEST_FILE_NAME));
    }
}
