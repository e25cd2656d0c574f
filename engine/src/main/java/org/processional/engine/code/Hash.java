// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.ProcessionalException;
import org.processional.spi.FrameOutput;

/**
 * The SHA-256 of a content, as 64 hexadecimal digits.
 *
 * <p><b>Threads:</b> immutable; the hashes of files are remembered for all threads.
 */
record Hash(String hex) {
    /** Bytes of a hash in a message. */
    static final int BYTES = 32;

    private static final int PIECE_BYTES = 1 << 16;
    private static final int MOST_FILES = 4096;
    private static final Map<Version, Hash> FILES = new ConcurrentHashMap<>();

    /** A file at a time: whoever changes it changes this. */
    private record Version(
            Path path,
            long size,
            FileTime modified,
            @Nullable Object key) {}

    static Hash of(byte[] content) {
        return of(digest(), content);
    }

    private static Hash of(MessageDigest digest, byte[] content) {
        digest.update(content);
        return of(digest);
    }

    /** What a digest has come to. */
    static Hash of(MessageDigest digest) {
        return new Hash(HexFormat.of().formatHex(digest.digest()));
    }

    /** The hash of a file, which is not read again unless it has changed. */
    static Hash of(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        Version version = new Version(path, found.size(), found.lastModifiedTime(), found.fileKey());
        Hash known = FILES.get(version);
        if (known != null) {
            return known;
        }
        Hash hash;
        try (InputStream in = new FileInputStream(path.toFile())) { // no channel: an interrupt would close it
            hash = of(in);
        }
        if (FILES.size() >= MOST_FILES) {
            FILES.clear();
        }
        FILES.put(version, hash);
        return hash;
    }

    static Hash of(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] piece = new byte[PIECE_BYTES];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            digest.update(piece, 0, read);
        }
        return of(digest);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) { // every Java has it
            throw new ProcessionalException("this JVM has no SHA-256; give it its default security providers back", e);
        }
    }

    void write(FrameOutput out) {
        out.put(HexFormat.of().parseHex(hex), 0, BYTES);
    }

    static Hash read(ByteBuffer from) {
        if (from.remaining() < BYTES) {
            throw new CodecException("damaged message: a hash of " + from.remaining() + " bytes, not " + BYTES);
        }
        byte[] bytes = new byte[BYTES];
        from.get(bytes);
        return new Hash(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return hex;
    }
}
