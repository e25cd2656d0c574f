// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.Log;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;

/**
 * What is known of the code of one client: which content answers which name, and the jars that have come.
 *
 * <p><b>Threads:</b> any thread. One at a time asks the client, under {@code lock}: others that miss something most often
 * find it in what that one brings.
 */
final class ShippedCode {
    private final ClassLoader parent;
    private final ShippedContents contents;
    private final Map<String, List<Entry>> answers = new ConcurrentHashMap<>();
    private volatile Set<String> missing = ConcurrentHashMap.newKeySet(); // what the client has not; replaced by any
    private final List<ShippedJar> jars = new CopyOnWriteArrayList<>(); // written under lock
    private final ReentrantLock lock = new ReentrantLock();

    ShippedCode(ClassLoader parent, CodeSupply supply, CodeCache cache) {
        this.parent = parent;
        this.contents = new ShippedContents(supply, cache);
    }

    ShippedContents contents() {
        return contents;
    }

    void forgetMissing() {
        missing = ConcurrentHashMap.newKeySet();
    }

    /** The contents that answer a name; asks the client if that is not known, and fetches what comes with it. */
    List<Entry> locate(String name, Uninterrupted region) {
        List<Entry> known = known(name);
        if (known != null) {
            return known;
        }
        lock.lock();
        try {
            known = known(name);
            return known != null ? known : ask(name, region);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Entry> known(String name) {
        List<Entry> known = answers.get(name);
        if (known != null) {
            return known;
        }
        if (name.endsWith(".class")) { // a resource may be in several places, and the client knows which is the first
            for (ShippedJar jar : jars) {
                if (jar.has(name)) {
                    return List.of(jar.entry());
                }
            }
        }
        return missing.contains(name) ? List.of() : null;
    }

    private List<Entry> ask(String name, Uninterrupted region) {
        Set<String> absent = missing; // if it is replaced while the client is asked, the answer is out of date
        List<Entry> own = new ArrayList<>();
        List<Entry> wanted = new ArrayList<>();
        for (Entry entry : contents.manifest(name, region).entries()) {
            if (entry.name().equals(name)) {
                own.add(entry);
                if (own.size() == 1) { // most who ask for a resource want the first only
                    wanted.add(entry);
                }
            } else if (isMissing(entry.name())) {
                wanted.add(entry);
            }
        }
        if (tryFetch(wanted, region)) {
            for (Entry entry : wanted) {
                if (entry.kind() == Kind.JAR) {
                    open(entry, region);
                }
                if (!entry.name().equals(name)) {
                    answers.putIfAbsent(entry.name(), List.of(entry));
                }
            }
        } else if (!own.isEmpty()) {
            contents.fetch(own.subList(0, 1), region);
        }
        if (own.isEmpty()) {
            absent.add(name);
            return List.of();
        }
        List<Entry> answer = List.copyOf(own);
        answers.put(name, answer);
        return answer;
    }

    /** Fetches what was asked for with all that it may need; of the latter, something may not be as announced any more. */
    private boolean tryFetch(List<Entry> entries, Uninterrupted region) {
        try {
            contents.fetch(entries, region);
            return true;
        } catch (CodecException e) {
            if (entries.size() <= 1) {
                throw e;
            }
            Log.engine().debug("not all that a class may need could be fetched", e);
            return false;
        }
    }

    private boolean isMissing(String name) {
        List<Entry> known = known(name);
        return (known == null || known.isEmpty()) && !NeverShipped.has(name) && parent.getResource(name) == null;
    }

    /** A jar, which is fetched if it has not come yet. */
    ShippedJar jar(Entry entry, Uninterrupted region) {
        ShippedJar jar = opened(entry);
        if (jar != null) {
            return jar;
        }
        lock.lock();
        try {
            return open(entry, region);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ShippedJar opened(Entry entry) {
        for (ShippedJar jar : jars) {
            if (jar.entry().hash().equals(entry.hash())) {
                return jar;
            }
        }
        return null;
    }

    private ShippedJar open(Entry entry, Uninterrupted region) {
        ShippedJar jar = opened(entry);
        if (jar == null) {
            jar = new ShippedJar(entry, contents.file(entry, region));
            jars.add(jar);
        }
        return jar;
    }

    /** The bytes of a class file, which is fetched again if the cache has it no more. */
    byte[] bytes(Entry entry, Uninterrupted region) {
        byte[] bytes = contents.cached(entry);
        if (bytes != null) {
            return bytes;
        }
        lock.lock();
        try {
            return contents.bytes(entry, region);
        } finally {
            lock.unlock();
        }
    }

    /** Where a content that has come is. */
    URL url(Entry entry) throws MalformedURLException {
        return contents.path(entry).toUri().toURL();
    }

    /** The URL of a content, which is fetched if the cache has it not. */
    URL fileUrl(Entry entry, Uninterrupted region) throws MalformedURLException {
        lock.lock();
        try {
            return contents.file(entry, region).toUri().toURL();
        } finally {
            lock.unlock();
        }
    }

    void fetch(List<Entry> entries, Uninterrupted region) {
        lock.lock();
        try {
            contents.fetch(entries, region);
        } finally {
            lock.unlock();
        }
    }
}
