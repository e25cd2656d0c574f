// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedList;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.marshalling.ObjectResolver;
import org.jboss.marshalling.Unmarshaller;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of one graph, for a filter that counts. JBoss is asked for its numbers wherever something of the graph
 * can be seen: when it asks its filter, when the table is read, and when an object has been made. So strings, and what JBoss
 * makes without asking, are counted with what holds them.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class GraphTally implements ObjectResolver {
    private static final Class<?> COPIES = Collections.nCopies(1, 1).getClass();

    private final Tally tally;
    private @Nullable Progress progress; // once there is an unmarshaller

    GraphTally(Tally tally) {
        this.tally = tally;
    }

    /** Begins a graph of so many bytes. */
    void begin(Unmarshaller unmarshaller, int size) {
        progress = progress == null ? new Progress(unmarshaller) : progress;
        tally.begin(size);
    }

    /** An object comes, or has come. */
    void object() {
        Progress now = progress();
        tally.object(now.references(), Math.max(1, now.depth()));
    }

    /** Elements come, or have come. */
    void elements(long count) {
        tally.elements(null, count, Math.max(1, progress().depth()));
    }

    /** What is in the place of something that was not in the graph. */
    void aside(@Nullable Object object) {
        tally.aside(object, progress().depth());
    }

    private Progress progress() {
        Progress present = progress;
        if (present == null) {
            throw new IllegalStateException("no graph is being read");
        }
        return present;
    }

    /** An object is there. */
    @Override
    public @Nullable Object readResolve(@Nullable Object object) {
        object();
        long unannounced = object == null ? 0 : unannounced(object);
        if (unannounced > 0) {
            elements(unannounced);
        }
        return object;
    }

    /** Length of a collection that JBoss reads without telling its filter how long it is. */
    private static long unannounced(Object object) {
        Class<?> type = object.getClass();
        if (type == LinkedList.class || type == TreeSet.class || type == COPIES || object instanceof EnumSet<?>) {
            return ((Collection<?>) object).size();
        }
        return type == TreeMap.class ? ((TreeMap<?, ?>) object).size() : 0;
    }

    @Override
    public @Nullable Object writeReplace(@Nullable Object original) {
        return original; // asked by writers alone
    }
}
