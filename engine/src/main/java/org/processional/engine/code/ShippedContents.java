// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.code.ContentRequest.Part;
import org.processional.engine.code.Manifest.Entry;

/**
 * Asks a client for manifests and contents, and counts that.
 *
 * <p><b>Threads:</b> one at a time, under the lock of {@link ShippedCode}; the counts from any thread.
 */
final class ShippedContents {
    private final CodeSupply supply;
    private final CodeCache cache;
    private final LongAdder roundTrips = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    ShippedContents(CodeSupply supply, CodeCache cache) {
        this.supply = supply;
        this.cache = cache;
    }

    long roundTrips() {
        return roundTrips.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    Manifest manifest(String name, Uninterrupted region) {
        roundTrips.increment();
        return Manifest.read(region.ask(() -> supply.manifest(name)));
    }

    /** The file of a content, which is asked for if the cache has it not. */
    Path file(Entry entry, Uninterrupted region) {
        Path file = cache.find(entry);
        if (file == null) {
            fetch(List.of(entry), region);
            file = cache.find(entry);
        }
        if (file == null) {
            throw vanished(entry);
        }
        return file;
    }

    /** Where the file of a content is, or was. */
    Path path(Entry entry) {
        return cache.folder().resolve(CodeCache.fileName(entry));
    }

    /** The bytes of a content that is not large; null if the cache has it not. From any thread. */
    byte @Nullable [] cached(Entry entry) {
        return cache.read(entry);
    }

    /** The bytes of a content that is not large, which is asked for if the cache has it not. */
    byte[] bytes(Entry entry, Uninterrupted region) {
        byte[] content = cache.read(entry);
        if (content == null) {
            fetch(List.of(entry), region);
            content = cache.read(entry);
        }
        if (content == null) {
            throw vanished(entry);
        }
        return content;
    }

    private CodecException vanished(Entry entry) {
        return new CodecException("the file of " + entry.name() + " in " + cache.folder()
                + " was gone as soon as it was written; is -D" + CodeCache.LIMIT_PROPERTY
                + " less than what one client ships, or does somebody empty that folder?");
    }

    /**
     * Asks for those contents that the cache has not.
     *
     * @throws org.processional.ProcessionalException if they do not come, or not as they were announced
     */
    void fetch(List<Entry> wanted, Uninterrupted region) {
        List<Entry> missing = missing(wanted);
        IncomingContent begun = null;
        try {
            for (int done = 0; done < missing.size(); ) {
                List<Entry> rest = missing.subList(done, missing.size());
                ByteBuffer answer = content(rest, begun == null ? 0 : begun.bytes(), region);
                while (answer.hasRemaining() && done < missing.size()) {
                    if (begun == null) {
                        begun = cache.receive(missing.get(done));
                    }
                    ByteBuffer piece = ContentRequest.nextPiece(answer);
                    bytes.add(piece.remaining());
                    begun.append(piece);
                    if (begun.isComplete()) {
                        begun.commit();
                        begun = null;
                        done++;
                    }
                }
            }
        } finally {
            if (begun != null) {
                begun.close();
            }
        }
    }

    private List<Entry> missing(List<Entry> wanted) {
        List<Entry> missing = new ArrayList<>();
        Set<String> files = new HashSet<>();
        for (Entry entry : wanted) {
            if (files.add(CodeCache.fileName(entry)) && cache.find(entry) == null) {
                missing.add(entry);
            }
        }
        return missing;
    }

    /** One round trip, for as many as an answer can hold, the first of them from an offset on. */
    private ByteBuffer content(List<Entry> missing, long offset, Uninterrupted region) {
        List<Part> parts = new ArrayList<>();
        long asked = -offset;
        for (Entry entry : missing) {
            if (asked >= ContentRequest.ANSWER_BYTES) {
                break;
            }
            parts.add(new Part(entry.hash(), parts.isEmpty() ? offset : 0));
            asked += entry.bytes() + ContentRequest.PIECE_HEADER_BYTES;
        }
        ByteBuffer request = new ContentRequest(parts).write();
        roundTrips.increment();
        ByteBuffer answer = region.ask(() -> supply.content(request.duplicate()));
        if (!answer.hasRemaining()) {
            throw new CodecException("damaged message: an answer without any of " + parts.size()
                    + " contents that were asked for, such as " + missing.get(0).name());
        }
        return answer.duplicate();
    }
}
