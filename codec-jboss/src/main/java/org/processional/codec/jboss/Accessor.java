// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Methods named {@code access$0}, which compilers make where code may not call a method directly: the Eclipse compiler
 * for {@code super::method}.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Accessor {
    /** Their names begin with it. */
    static final String PREFIX = "access$";

    private Accessor() {}

    /** The method that it calls; null if that is not clear. */
    static ClassContent.@Nullable Member target(ClassContent content, ClassContent.Member accessor) {
        ClassContent.Method code = content.method(accessor.name(), accessor.descriptor());
        if (code == null) {
            return null;
        }
        List<ClassContent.Member> called = new ArrayList<>();
        try {
            CodeWalk.walk(content, code, new byte[] {CodeWalk.THIS}, new CodeWalk.Visitor() {
                @Override
                public void call(ClassContent.Member method, boolean isStatic, byte[] arguments) {
                    called.add(method);
                }

                @Override
                public void field(ClassContent.Member field, byte of, boolean read) {}

                @Override
                public void dynamic(ClassContent.Dynamic made, int offset, byte[] captured) {}

                @Override
                public void escapes(byte value) {}
            });
        } catch (RuntimeException e) {
            return null; // no code that we understand
        }
        return called.size() == 1 ? called.get(0) : null;
    }
}
