// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Why code needs {@code this}, or the object around it: which fields and methods of it are used, also in the lambdas
 * within, and through the accessors that older compilers make.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class ThisUses {
    private static final int MAX_METHODS = 1000;
    private static final int MAX_NAMES = 3;

    private final ClassLoader loader;
    private final Set<List<Object>> visited = new HashSet<>();
    private final Set<String> fields = new LinkedHashSet<>();
    private final Set<String> methods = new LinkedHashSet<>();
    private final Set<String> made = new LinkedHashSet<>();
    private boolean escapes;
    private boolean changes; // the value of a field
    private boolean strange; // not all code could be read

    private ThisUses(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * What a method does with its own object.
     *
     * @param content the class
     * @param name the method
     * @param descriptor its types
     * @param loader finds other classes that the code leads to
     */
    static ThisUses of(ClassContent content, String name, String descriptor, ClassLoader loader) {
        ThisUses uses = new ThisUses(loader);
        uses.walk(content, name, descriptor, new byte[] {CodeWalk.THIS}, CodeWalk.THIS);
        return uses;
    }

    /** What the code of an inner class does with the object in which its objects are made. */
    static ThisUses ofOuter(ClassContent content, ClassLoader loader) {
        ThisUses uses = new ThisUses(loader);
        for (ClassContent.Method method : content.methods()) {
            if (!method.isStatic) {
                uses.walk(content, method.name, method.descriptor, new byte[] {CodeWalk.THIS}, CodeWalk.OUTER);
            }
        }
        return uses;
    }

    /** What is used, for example {@code uses field bar}; empty if that is not known. */
    String text() {
        List<String> parts = new ArrayList<>();
        add(parts, "uses field", fields);
        add(parts, "calls method", methods);
        add(parts, "makes objects of its inner class", made);
        if (parts.isEmpty() && escapes && !strange) {
            parts.add("passes it on");
        }
        return String.join(" and ", parts);
    }

    /** Whether fields alone are used, and read, which a local variable can hold. */
    boolean areFields() {
        return !fields.isEmpty() && methods.isEmpty() && made.isEmpty() && !escapes && !changes && !strange;
    }

    /** The names of the fields, as a list in words. */
    String fieldNames() {
        return names(fields);
    }

    private static void add(List<String> parts, String verb, Set<String> names) {
        if (!names.isEmpty()) {
            boolean several = names.size() > 1;
            String plural = verb.endsWith("class") ? verb + "es" : verb + "s";
            parts.add((several ? plural : verb) + " " + names(names));
        }
    }

    private static String names(Set<String> names) {
        List<String> list = new ArrayList<>(names);
        if (list.size() > MAX_NAMES) {
            return String.join(", ", list.subList(0, MAX_NAMES)) + " and " + (list.size() - MAX_NAMES) + " more";
        }
        String last = list.remove(list.size() - 1);
        return list.isEmpty() ? last : String.join(", ", list) + " and " + last;
    }

    private void walk(ClassContent content, String name, String descriptor, byte[] arguments, byte wanted) {
        ClassContent.Method method = content.method(name, descriptor);
        List<Object> key = List.of(content.name(), name, descriptor, Arrays.toString(arguments), wanted);
        if (method == null || visited.size() >= MAX_METHODS) {
            strange = true;
        } else if (visited.add(key)) {
            try {
                CodeWalk.walk(content, method, arguments, new Finder(content, wanted));
            } catch (RuntimeException e) {
                strange = true; // no code that we understand: then we say less
            }
        }
    }

    private final class Finder implements CodeWalk.Visitor {
        private final ClassContent content;
        private final byte wanted;

        Finder(ClassContent content, byte wanted) {
            this.content = content;
            this.wanted = wanted;
        }

        /** An object around this one is a part of it: who needs that one needs this one. */
        private boolean isWanted(byte value) {
            return value == wanted || value == CodeWalk.OUTER;
        }

        private String around(byte value, String type) {
            return value == CodeWalk.OUTER && wanted == CodeWalk.THIS ? " of the " + simple(type) + " around it" : "";
        }

        @Override
        public void field(ClassContent.Member field, byte of, boolean read) {
            if (isWanted(of)) {
                changes |= !read;
                String name = field.name();
                fields.add((name.startsWith("val$") ? name.substring(4) : name) + around(of, field.owner()));
            }
        }

        @Override
        public void call(ClassContent.Member method, boolean isStatic, byte[] arguments) {
            if (isStatic && method.name().startsWith(Accessor.PREFIX)) {
                follow(method, arguments, wanted);
                return;
            }
            int from = 0;
            if (!isStatic && CodeWalk.isThis(arguments[0])) {
                if (isWanted(arguments[0]) && !method.name().equals("<init>")) {
                    methods.add(method.name() + around(arguments[0], method.owner()));
                }
                from = 1;
            }
            for (int i = from; i < arguments.length; i++) {
                if (isWanted(arguments[i])) {
                    if (method.name().equals("<init>") && method.owner().indexOf('$') > 0) {
                        made.add(simple(method.owner()));
                    } else {
                        escapes = true;
                    }
                }
            }
        }

        @Override
        public void dynamic(ClassContent.Dynamic lambda, int offset, byte[] captured) {
            boolean concerned = false;
            for (byte value : captured) {
                concerned |= CodeWalk.isThis(value);
            }
            if (!concerned) {
                return;
            }
            ClassContent.Member implementation = lambda.implementation();
            if (implementation == null) {
                escapes = true; // such as a string that it is part of
            } else if (implementation.name().startsWith("lambda$")
                    && implementation.owner().equals(content.name())) {
                walk(content, implementation.name(), implementation.descriptor(), captured, wanted);
            } else {
                call(implementation, lambda.toStatic(), captured);
            }
        }

        @Override
        public void escapes(byte value) {
            escapes |= isWanted(value);
        }
    }

    private void follow(ClassContent.Member accessor, byte[] arguments, byte wanted) {
        try {
            ClassContent content = ClassContent.of(Loading.find(accessor.owner().replace('/', '.'), loader));
            walk(content, accessor.name(), accessor.descriptor(), arguments, wanted);
        } catch (ClassNotFoundException | LinkageError e) {
            strange = true;
        }
    }

    /** Without the package, as in the source; numbers of anonymous classes are not in it, and keep their dollar. */
    private static String simple(String type) {
        return type.substring(type.lastIndexOf('/') + 1).replaceAll("\\$(?=[A-Za-z_])", ".");
    }
}
