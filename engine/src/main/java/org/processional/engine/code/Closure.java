// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;

/**
 * Lists a class and the classes that it needs, nearest first, up to a number; what it has listed once, it does not list
 * again, so that each question of one connection brings something new. Classes within jars that go as a whole are looked
 * through last: they can name classes of other places.
 *
 * <p><b>Threads:</b> guarded by the lock of {@link CodeOrigin}.
 */
final class Closure {
    private static final int MOST_CLASSES = 512;
    private static final String CLASS = ".class";

    private final Places places;
    private final Announced announced;
    private final Set<String> seen = new HashSet<>();

    Closure(Places places, Announced announced) {
        this.places = places;
        this.announced = announced;
    }

    /** The entries for a class: its own first; none if it is not found. */
    List<Entry> of(String name, OpenJars jars) throws IOException {
        List<Entry> entries = new ArrayList<>();
        ArrayDeque<String> near = new ArrayDeque<>();
        ArrayDeque<String> far = new ArrayDeque<>();
        Place place = places.first(name);
        if (place == null) {
            return entries;
        }
        seen.add(name);
        list(name, place, jars, entries, true, near, far);
        for (int scanned = 1; scanned < MOST_CLASSES; ) {
            String next = near.isEmpty() ? far.poll() : near.poll();
            if (next == null) {
                break;
            }
            if (!NeverShipped.has(next) && seen.add(next) && tryList(next, jars, entries, near, far)) {
                scanned++;
            }
        }
        return entries;
    }

    private boolean tryList(
            String name, OpenJars jars, List<Entry> entries, ArrayDeque<String> near, ArrayDeque<String> far) {
        try {
            Place place = places.first(name);
            if (place != null) {
                list(name, place, jars, entries, false, near, far);
            }
            return place != null;
        } catch (IOException | RuntimeException e) { // of a loader or a URL of the user's
            seen.remove(name); // who needs it asks for it by name, and is told
            return true;
        }
    }

    private void list(
            String name,
            Place place,
            OpenJars jars,
            List<Entry> entries,
            boolean isAsked,
            ArrayDeque<String> near,
            ArrayDeque<String> far)
            throws IOException {
        byte[] bytes;
        try (InputStream in = place.open(jars)) {
            bytes = in.readAllBytes();
        }
        @Nullable Path jar = announced.wholeJar(place, name);
        if (jar == null) {
            entries.add(announced.bytes(Kind.CLASS, name, place, bytes));
        } else if (isAsked || !announced.has(jar)) {
            entries.add(announced.jar(name, jar));
        }
        for (String reference : ClassReferences.of(bytes)) {
            (jar == null ? near : far).add(reference + CLASS);
        }
    }
}
