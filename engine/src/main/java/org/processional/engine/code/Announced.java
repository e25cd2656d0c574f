// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;

/**
 * The contents that manifests of one connection have named, and where they are. Nothing else is ever read for the other
 * side.
 *
 * <p><b>Threads:</b> any thread.
 */
final class Announced {
    private final long largestJarBytes;
    private final Map<Hash, Content> contents = new ConcurrentHashMap<>();
    private final Set<Path> jars = ConcurrentHashMap.newKeySet();

    private record Content(String name, Place place, long bytes) {}

    Announced(long largestJarBytes) {
        this.largestJarBytes = largestJarBytes;
    }

    /** The jar that goes as a whole because of this place; null if the place goes by itself. */
    @Nullable
    Path wholeJar(Place place, String name) throws IOException {
        return place.wholeJar(name, largestJarBytes);
    }

    boolean has(Path jar) {
        return jars.contains(jar);
    }

    /** Announces a jar. */
    Entry jar(String name, Path jar) throws IOException {
        Hash hash = Hash.of(jar);
        long bytes = Files.size(jar);
        contents.putIfAbsent(hash, new Content(jar.toString(), Place.of(jar), bytes));
        jars.add(jar);
        return new Entry(Kind.JAR, name, String.valueOf(jar.getFileName()), hash, bytes);
    }

    /** Announces bytes that were read. */
    Entry bytes(Kind kind, String name, Place place, byte[] bytes) {
        return announce(kind, name, place, Hash.of(bytes), bytes.length);
    }

    /** Announces what may be large. */
    Entry resource(String name, Place place, OpenJars open) throws IOException {
        Path file = place.plainFile();
        if (file != null) {
            return announce(Kind.RESOURCE, name, place, Hash.of(file), Files.size(file));
        }
        byte[] bytes;
        try (InputStream in = place.open(open)) {
            bytes = in.readAllBytes();
        }
        return bytes(Kind.RESOURCE, name, place, bytes);
    }

    private Entry announce(Kind kind, String name, Place place, Hash hash, long bytes) {
        contents.putIfAbsent(hash, new Content(name, place, bytes));
        return new Entry(kind, name, name.substring(name.lastIndexOf('/') + 1), hash, bytes);
    }

    /**
     * Reads a part of a content.
     *
     * @return up to so many bytes; fewer if it ends there
     * @throws CodecException if it was not announced, or cannot be read
     */
    byte[] read(ContentRequest.Part part, int most, OpenJars open) {
        Content content = contents.get(part.hash());
        if (content == null) {
            throw new CodecException("the content " + part.hash()
                    + " is refused: no manifest of this connection has named it; ask for the manifest of a name first");
        }
        if (part.offset() < 0 || part.offset() > content.bytes) {
            throw new CodecException(
                    "damaged message: byte " + part.offset() + " of " + content.name + ", which has " + content.bytes);
        }
        int wanted = (int) Math.min(most, content.bytes - part.offset());
        byte[] bytes;
        try (InputStream in = content.place.open(open)) {
            in.skipNBytes(part.offset());
            bytes = in.readNBytes(wanted);
        } catch (IOException e) {
            throw unreadable(content, e.toString(), e);
        }
        if (bytes.length < wanted) {
            throw unreadable(content, "it has become shorter", null);
        }
        return bytes;
    }

    private static CodecException unreadable(Content content, String why, @Nullable IOException cause) {
        String message = "cannot read " + content.name + " at " + content.place.url() + ": " + why
                + "; was it changed while this program ran? Start the program again";
        return cause == null ? new CodecException(message) : new CodecException(message, cause);
    }
}
