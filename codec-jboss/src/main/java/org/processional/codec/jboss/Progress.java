// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.reflect.Field;
import org.jboss.marshalling.Unmarshaller;
import org.processional.CodecException;

/**
 * How far an unmarshaller has come. JBoss says so to its filter alone, which it does not ask about strings, about what a
 * table reads, nor about some collections; between these there may be any number of objects, in any depth.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Progress {
    private final Unmarshaller unmarshaller;
    private final Field depth;
    private final Field references;

    /**
     * The progress of an unmarshaller.
     *
     * @throws CodecException if it cannot be seen, as with another version of JBoss Marshalling: then there are no limits
     */
    Progress(Unmarshaller unmarshaller) {
        this.unmarshaller = unmarshaller;
        this.depth = field("depth");
        this.references = field("totalRefs");
    }

    private Field field(String name) {
        Class<?> type = unmarshaller.getClass();
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException | RuntimeException e) { // its module may be closed
            throw new CodecException(
                    "a filter with limits (maxarray, maxdepth, maxrefs, maxbytes) needs the version of JBoss Marshalling"
                            + " that Processional names, but " + ClassFile.location(type) + " shows no " + name
                            + "; use that version, or a filter without limits",
                    e);
        }
    }

    /** Depth of what is being read: 1 for a root, 0 between roots. */
    int depth() {
        try {
            return depth.getInt(unmarshaller);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What has begun so far: objects, nulls, and references to what was there before. */
    long references() {
        try {
            return references.getLong(unmarshaller);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
