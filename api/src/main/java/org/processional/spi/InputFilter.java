// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.ObjectInputFilter;
import org.processional.CodecException;

/**
 * What a process takes from the other end of a connection: asked by the codec while it decodes, before anything is made
 * of a class. A codec asks about
 *
 * <ul>
 *   <li>the name of each class that a message names, before the class is looked for: {@link #name};
 *   <li>each class of which an object is made, or that is a value itself, and its serializable superclasses, whether the
 *       message names them or not: {@link #type}; of an array its own class; of a dynamic proxy its interfaces; of a constant
 *       its enum alone. Strings, the boxed primitives and arrays of primitives need no question;
 *   <li>each lambda, by the class in which it was written: {@link #lambda}, before anything is made of what it captures,
 *       which is asked about as everything else;
 *   <li>and, where the filter {@linkplain #counts counts}, about each object and each length: {@link #count}.
 * </ul>
 *
 * <p>What was answered for a class once holds for the connection: a codec with a session asks once for each definition.
 * A refusal is thrown, and ends that message alone: the codec stays usable, with all its definitions.
 *
 * <p><b>Threads:</b> any thread that decodes; it neither waits nor runs code of users, but for a JVM-wide filter.
 *
 * @since 0.1
 */
public interface InputFilter {
    /**
     * Checks a class by its name.
     *
     * @param name as {@link Class#getName()} gives it
     * @throws CodecException if it is refused; the message names the class and the way out
     */
    void name(String name);

    /**
     * Checks a class.
     *
     * @param type the class; it may not be initialized
     * @throws CodecException if it is refused; the message names the class and the way out
     */
    void type(Class<?> type);

    /**
     * Checks whether lambdas of a class are taken.
     *
     * @param capturing the class in which they were written
     * @throws CodecException if they are refused; the message names the class and the way out
     */
    void lambda(Class<?> capturing);

    /** Whether it has limits, so that {@link #count} must be asked about each object. */
    boolean counts();

    /**
     * Checks what has been read so far: before each object with {@link ObjectInputFilter.FilterInfo#arrayLength()} -1, and
     * with the length (and the class) before an array, a buffer or a collection, in whatever form it travels. Where a codec
     * cannot know before, it asks when it has been made, and before anybody gets it. The depth of the root is 1; the
     * references are the objects so far, this one included, and with some codecs also nulls and references to what came
     * before; the bytes are those of the message, and of arrays that came beside it.
     *
     * @param info what has been read
     * @throws CodecException if that is too much; the message says what the limit is
     */
    void count(ObjectInputFilter.FilterInfo info);

    /** A filter that takes everything: for who encodes only, and for tests. */
    static InputFilter none() {
        return new InputFilter() {
            @Override
            public void name(String name) {}

            @Override
            public void type(Class<?> type) {}

            @Override
            public void lambda(Class<?> capturing) {}

            @Override
            public boolean counts() {
                return false;
            }

            @Override
            public void count(ObjectInputFilter.FilterInfo info) {}
        };
    }
}
