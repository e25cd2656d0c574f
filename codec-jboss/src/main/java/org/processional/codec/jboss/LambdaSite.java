// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a lambda or a method reference is made, as the code of its class says. The same method reference may be made in
 * several places; what differs from one to the other is not known then.
 *
 * <p><b>Threads:</b> immutable.
 */
final class LambdaSite {
    private static final LambdaSite UNKNOWN = new LambdaSite(null, 0, false, new String[0]);
    private static final int MAX_NESTED = 20;

    private final @Nullable String method;
    private final int line;
    private final boolean bindsThis;
    private final @Nullable String[] names; // of captured variables, by slot

    private LambdaSite(@Nullable String method, int line, boolean bindsThis, @Nullable String[] names) {
        this.method = method;
        this.line = line;
        this.bindsThis = bindsThis;
        this.names = names;
    }

    /**
     * Finds it.
     *
     * @param content the class in which it stands
     * @param implementation what it is made of
     * @param type the interface that it implements, with slashes
     */
    static LambdaSite find(ClassContent content, ClassContent.Member implementation, String type) {
        try {
            return find(content, implementation, ")L" + type + ";", 0);
        } catch (RuntimeException e) {
            return UNKNOWN; // no code that we understand
        }
    }

    /** In which method of the source; null if that is not clear. */
    @Nullable
    String method() {
        return method;
    }

    /** In which line; 0 if that is not clear. */
    int line() {
        return line;
    }

    /** Whether {@code this} is the first thing that it captures. */
    boolean bindsThis() {
        return bindsThis;
    }

    /** Name of the variable whose value is captured as an argument that begins in a slot; null if that is not clear. */
    @Nullable
    String name(int slot) {
        return slot < names.length ? names[slot] : null;
    }

    private static LambdaSite find(
            ClassContent content, ClassContent.Member implementation, String result, int nested) {
        LambdaSite found = null;
        for (ClassContent.Method method : content.methods()) {
            if (method.name.equals("$deserializeLambda$")) {
                continue; // makes each once more
            }
            for (Map.Entry<Integer, byte[]> site :
                    sites(content, method, implementation, result).entrySet()) {
                LambdaSite next = site(content, method, site.getKey(), site.getValue(), nested);
                found = found == null ? next : found.join(next);
            }
        }
        return found == null ? UNKNOWN : found;
    }

    private LambdaSite join(LambdaSite other) {
        @Nullable String[] same = Arrays.copyOf(names, Math.min(names.length, other.names.length));
        for (int i = 0; i < same.length; i++) {
            same[i] = Objects.equals(names[i], other.names[i]) ? names[i] : null;
        }
        return new LambdaSite(
                Objects.equals(method, other.method) ? method : null,
                line == other.line ? line : 0,
                bindsThis && other.bindsThis,
                same);
    }

    /** What is captured, by the offset of the instruction. */
    private static Map<Integer, byte[]> sites(
            ClassContent content, ClassContent.Method method, ClassContent.Member implementation, String result) {
        Map<Integer, byte[]> sites = new LinkedHashMap<>();
        byte[] arguments = method.isStatic ? new byte[0] : new byte[] {CodeWalk.THIS};
        CodeWalk.walk(content, method, arguments, new CodeWalk.Visitor() {
            @Override
            public void dynamic(ClassContent.Dynamic made, int offset, byte[] captured) {
                if (implementation.equals(made.implementation())
                        && made.descriptor().endsWith(result)) {
                    sites.put(offset, captured); // the last time knows of all ways
                }
            }

            @Override
            public void field(ClassContent.Member field, byte of, boolean read) {}

            @Override
            public void call(ClassContent.Member called, boolean isStatic, byte[] with) {}

            @Override
            public void escapes(byte value) {}
        });
        return sites;
    }

    private static LambdaSite site(
            ClassContent content, ClassContent.Method method, int offset, byte[] captured, int nested) {
        LambdaSite around = null; // of the lambda in which it stands
        if (method.name.startsWith("lambda$") && nested < MAX_NESTED) {
            ClassContent.Member lambda = new ClassContent.Member(content.name(), method.name, method.descriptor);
            around = find(content, lambda, "", nested + 1);
        }
        @Nullable String[] names = new String[captured.length];
        for (int i = 0; i < names.length; i++) {
            int slot = CodeWalk.slot(captured[i]);
            if (slot >= 0) {
                String name = method.local(slot, offset);
                names[i] = name == null && around != null ? around.name(slot) : name;
            }
        }
        return new LambdaSite(
                around == null ? method.name : around.method,
                method.line(offset),
                captured.length > 0 && captured[0] == CodeWalk.THIS,
                names);
    }
}
