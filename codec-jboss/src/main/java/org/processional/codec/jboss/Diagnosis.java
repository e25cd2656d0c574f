// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.NotSerializableException;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.BufferUnderflowException;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * Says why something cannot travel, or cannot be read: what it is, the way to it, the cure.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Diagnosis {
    private Diagnosis() {}

    /**
     * An object in a graph is not serializable.
     *
     * @param root the graph
     * @param object the object
     */
    static CodecException unfit(@Nullable Object root, Object object) {
        if (root == null || root == object) {
            return new CodecException(whatIs(object) + " cannot travel: it is not serializable; " + cure(object));
        }
        GraphSearch search = new GraphSearch();
        GraphSearch.Step found;
        try {
            found = search.find(root, object);
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            found = null; // the graph changes, or its own methods fail: name the object without the way to it
        }
        if (found == null) {
            return new CodecException(whatIs(root) + " cannot travel: it leads to " + whatIs(object)
                    + ", which is not serializable" + closed(search.closed()) + "; " + cure(object));
        }
        LambdaText owner = owner(found);
        if (owner != null && owner.isThis(found.capture)) {
            String type = name(object.getClass());
            return new CodecException(owner.where() + " cannot travel: it uses this of " + type
                    + ", because it uses a field or a method of it, and " + type
                    + " is not Serializable; make a local copy of what it needs, make " + type
                    + " Serializable, or keep the object there with wrap()");
        }
        String is = found.capture >= 0 && !isLambda(object.getClass())
                ? " is not serializable; " // its class was just named
                : " is " + whatIs(object) + ", which is not serializable; ";
        return new CodecException(start(found) + " cannot travel: " + way(found) + is + cure(object));
    }

    /**
     * Code of the user's, or of JBoss, failed while it wrote a graph.
     *
     * @param root the graph
     * @param cause what happened
     */
    static CodecException failed(@Nullable Object root, Throwable cause) {
        String what = root == null ? "null" : whatIs(root);
        if (cause instanceof NotSerializableException) {
            return new CodecException(
                    what + " cannot travel: an object in it refuses to be serialized: " + cause
                            + "; see the cause for the way to it; replace it by a value, or keep it there with wrap()",
                    cause);
        }
        return new CodecException(what + " cannot travel: writing it failed: " + cause, cause);
    }

    /** A body cannot be read. */
    static CodecException unreadable(Throwable cause) {
        Throwable at = cause;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at instanceof CodecException) {
                return new CodecException(String.valueOf(at.getMessage()), cause);
            }
            String message = at.getMessage();
            if (message != null && (at instanceof ClassNotFoundException || at instanceof NoClassDefFoundError)) {
                return Loading.unusable(message.replace('/', '.'), "", new ClassNotFoundException(message, cause));
            }
            if (message != null && at instanceof UnsupportedClassVersionError) {
                int end = Math.max(0, message.indexOf(' '));
                return Loading.unusable(message.substring(0, end).replace('/', '.'), "", at);
            }
            at = at.getCause();
        }
        if (cause instanceof BufferUnderflowException) {
            return new CodecException("damaged message: it ends too early", cause);
        }
        String where = where(cause);
        boolean differs = !where.isEmpty() || cause instanceof ClassCastException;
        return new CodecException(
                "cannot read the message: " + cause + (where.isEmpty() ? "" : ", " + where)
                        + (differs ? "; a class may differ between the two ends: " + Loading.SAME_VERSION : ""),
                cause);
    }

    /** What JBoss, which adds causes of its own, tells of the field that it was at; empty if it does not. */
    private static String where(Throwable failed) {
        Throwable at = failed;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at.getClass().getName().equals("org.jboss.marshalling.TraceInformation")) {
                return at.toString()
                        .lines()
                        .filter(line -> line.contains("in field "))
                        .findFirst()
                        .orElse("")
                        .strip();
            }
            at = at.getCause();
        }
        return "";
    }

    /** The name of a class as users write it. */
    static String name(Class<?> type) {
        String name = type.getTypeName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }

    private static String whatIs(Object object) {
        Class<?> type = object.getClass();
        ClassPlan plan = ClassPlan.of(type);
        if (plan.tag == Tag.LAMBDA) {
            return new LambdaText(plan.form(object), type).where();
        }
        if (isLambda(type)) {
            return name(type) + " (a " + type.getInterfaces()[0].getTypeName() + ")";
        }
        String name = name(type);
        return (isVowel(name.charAt(0)) ? "an " : "a ") + name;
    }

    private static boolean isVowel(char c) {
        return "aeiouAEIOU".indexOf(c) >= 0;
    }

    private static boolean isLambda(Class<?> type) {
        return type.isHidden() && type.getName().contains("$$Lambda") && type.getInterfaces().length > 0;
    }

    private static String cure(Object object) {
        Class<?> type = object.getClass();
        if (isLambda(type)) {
            String simple = type.getInterfaces()[0].getSimpleName();
            return "use Call, Action, Work, Effect or another function type that extends Serializable, or cast it: ("
                    + simple + " & Serializable)";
        }
        if (object instanceof Buffer) {
            return "of buffers, byte buffers travel, and the views that SharedMemory gives out: use one of these, or an array";
        }
        ClassLoader loader = type.getClassLoader();
        boolean jdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        return (jdk ? "" : "make " + name(type) + " Serializable, ")
                + "capture a copy of the value that is needed, or keep it there with wrap()";
    }

    private static String closed(@Nullable Field field) {
        return field == null
                ? ""
                : " (the way to it is not known, because "
                        + field.getDeclaringClass().getName() + "." + field.getName()
                        + " is in a package that is not open)";
    }

    /** The lambda that captures the last object of a way. */
    private static @Nullable LambdaText owner(GraphSearch.Step found) {
        GraphSearch.Step from = found.from;
        return found.capture < 0 || from == null ? null : text(from.object);
    }

    private static LambdaText text(Object lambda) {
        return new LambdaText(ClassPlan.of(lambda.getClass()).form(lambda), lambda.getClass());
    }

    /** Where a way begins: at the last lambda on it, because that is what the user can change, or at the root. */
    private static String start(GraphSearch.Step found) {
        GraphSearch.Step step = found;
        while (step.from != null && step.capture < 0) {
            step = step.from;
        }
        return whatIs(step.from == null ? step.object : step.from.object);
    }

    private static String way(GraphSearch.Step found) {
        StringBuilder names = new StringBuilder();
        GraphSearch.Step step = found;
        while (step.from != null && step.capture < 0) {
            names.insert(0, step.name);
            step = step.from;
        }
        if (step.from == null) {
            return "its " + (names.charAt(0) == '.' ? names.substring(1) : "element " + names);
        }
        return text(step.from.object).captured(step.capture) + names;
    }
}
