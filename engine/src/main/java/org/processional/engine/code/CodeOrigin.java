// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.processional.CodecException;
import org.processional.engine.code.Manifest.Entry;
import org.processional.spi.FrameOutput;

/**
 * The code of this process, for the other end of one connection: answers what there is for a name, and gives what it has
 * named in an answer, and nothing else.
 *
 * <p>A class comes with those that it needs, up to 512; a class or resource of a jar file of up to 32 MiB as that jar.
 * Classes of the JDK and of Processional are never named.
 *
 * <p><b>Threads:</b> any thread. Answers to questions about names are worked out one at a time, and read files: not on a
 * reader thread.
 */
public final class CodeOrigin {
    private static final long LARGEST_JAR_BYTES = 32L << 20;

    private final Places places = new Places();
    private final Announced announced;
    private final Closure closure; // guarded by lock
    private final Map<String, ByteBuffer> answers = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Makes the origin of one connection, with the loaders of the system. */
    public CodeOrigin() {
        this(LARGEST_JAR_BYTES);
    }

    CodeOrigin(long largestJarBytes) {
        announced = new Announced(largestJarBytes);
        closure = new Closure(places, announced);
    }

    /**
     * Remembers where a function is from, before it is sent: the loader of its class, and its module. Neither is kept
     * from being collected.
     *
     * @param type the class of the function, or the one that captured it
     * @return whether that is new: what the other side did not find before, it may find now
     * @see ShippedLoader#forgetMissing
     */
    public boolean offer(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        ModuleLayer layer = type.getModule().getLayer();
        boolean isNew = layer != null && places.offer(layer);
        return loader != null && places.offer(loader) || isNew;
    }

    /**
     * Remembers a loader from which functions are; it is not kept from being collected.
     *
     * @return whether it is a new one
     */
    public boolean offer(ClassLoader loader) {
        return places.offer(loader);
    }

    /**
     * Says what there is for a name.
     *
     * @param resourceName such as {@code com/acme/Job.class} or {@code config.txt}
     * @return a manifest; an empty one if there is nothing
     * @throws CodecException if it is there and cannot be read
     */
    public ByteBuffer manifest(String resourceName) {
        ByteBuffer known = answers.get(resourceName);
        if (known != null) {
            return known.duplicate();
        }
        if (NeverShipped.isNoName(resourceName) || NeverShipped.has(resourceName)) {
            return new Manifest(List.of()).write();
        }
        lock.lock();
        try (OpenJars jars = new OpenJars()) {
            List<Entry> entries =
                    resourceName.endsWith(".class") ? closure.of(resourceName, jars) : resource(resourceName, jars);
            ByteBuffer answer = new Manifest(entries).write();
            if (!entries.isEmpty()) { // a loader that is offered later may have it
                answers.put(resourceName, answer);
            }
            return answer.duplicate();
        } catch (IOException e) {
            throw new CodecException(
                    "cannot read " + resourceName + " for the other process: " + e
                            + "; was it changed while this program ran? Start the program again",
                    e);
        } finally {
            lock.unlock();
        }
    }

    /** The first place as a jar, if it is in one; the others so only if that jar goes anyway: META-INF is everywhere. */
    private List<Entry> resource(String name, OpenJars jars) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Place place : places.all(name)) {
            if (place.isFolder(jars)) {
                continue;
            }
            Path jar = announced.wholeJar(place, name);
            boolean whole = jar != null && (entries.isEmpty() || announced.has(jar));
            entries.add(jar != null && whole ? announced.jar(name, jar) : announced.resource(name, place, jars));
        }
        return entries;
    }

    /**
     * Gives contents that manifests have named, up to 1 MiB at a time.
     *
     * @throws CodecException if one was not named before, or cannot be read
     */
    public ByteBuffer content(ByteBuffer request) {
        FrameOutput out = new FrameOutput(1 << 16, ContentRequest.ANSWER_BYTES);
        try (OpenJars jars = new OpenJars()) {
            for (ContentRequest.Part part : ContentRequest.read(request).parts()) {
                int room = ContentRequest.ANSWER_BYTES - out.size() - ContentRequest.PIECE_HEADER_BYTES;
                if (room <= 0) {
                    break;
                }
                byte[] bytes = announced.read(part, room, jars);
                out.putSize(bytes.length);
                out.put(bytes, 0, bytes.length);
            }
        } catch (IOException e) {
            throw new CodecException("cannot close a jar file of this program: " + e + "; is its disk failing?", e);
        }
        return out.frame();
    }
}
