// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import org.processional.CodecException;

/**
 * A content on its way into the cache: in a file with a name of its own, until all of it is there and has the right hash.
 *
 * <p><b>Threads:</b> one.
 */
final class IncomingContent implements AutoCloseable {
    private final Manifest.Entry entry;
    private final Path fresh;
    private final Path target;
    private final FileOutputStream out; // no channel: an interrupt would close it
    private final MessageDigest digest = Hash.digest();
    private long bytes;
    private boolean done;

    IncomingContent(Manifest.Entry entry, Path fresh, Path target) throws IOException {
        this.entry = entry;
        this.fresh = fresh;
        this.target = target;
        this.out = new FileOutputStream(fresh.toFile());
    }

    /** How much is there. */
    long bytes() {
        return bytes;
    }

    boolean isComplete() {
        return bytes == entry.bytes();
    }

    /**
     * Writes the next piece.
     *
     * @throws CodecException if it is more than was announced, or the disk does not take it
     */
    void append(ByteBuffer piece) {
        if (!piece.hasRemaining() && !isComplete()) {
            throw new CodecException("damaged message: an empty piece of " + entry.name());
        }
        if (piece.remaining() > entry.bytes() - bytes) {
            throw new CodecException("damaged message: more than the " + entry.bytes()
                    + " bytes that were announced for " + entry.name());
        }
        byte[] array = new byte[piece.remaining()];
        piece.get(array);
        try {
            out.write(array);
        } catch (IOException e) {
            throw unwritable(e);
        }
        digest.update(array);
        bytes += array.length;
    }

    /**
     * Puts what is there into its place.
     *
     * @return that place
     * @throws CodecException if it is not what was announced, or the disk does not take it
     */
    Path commit() {
        Hash found = Hash.of(digest);
        if (!found.equals(entry.hash())) {
            throw new CodecException(
                    "what came for " + entry.name() + " has the hash " + found + ", but " + entry.hash()
                            + " was announced; was the file changed while its program ran? Start that program again");
        }
        try {
            out.close();
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
        done = true;
        return target;
    }

    private CodecException unwritable(IOException e) {
        return new CodecException(
                "cannot write " + entry.bytes() + " bytes of " + entry.name() + " to " + fresh + ": " + e
                        + "; make room there, or name another folder with -D" + CodeCache.FOLDER_PROPERTY + "=PATH",
                e);
    }

    @Override
    public void close() {
        if (!done) {
            try {
                out.close();
                Files.deleteIfExists(fresh);
            } catch (IOException e) {
                throw unwritable(e);
            }
        }
    }
}
