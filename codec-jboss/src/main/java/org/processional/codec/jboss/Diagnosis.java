// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.NotSerializableException;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Explanation;

/**
 * Says why something cannot travel, or cannot be read: what it is, the way to it, the cure.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Diagnosis {
    private Diagnosis() {}

    /** The exception of a call, from what keeps it from travelling. */
    static CodecException refusal(List<Explanation.Obstacle> obstacles, @Nullable Throwable cause) {
        String text = text(obstacles);
        return cause == null ? new CodecException(text) : new CodecException(text, cause);
    }

    private static String text(List<Explanation.Obstacle> obstacles) {
        String function = obstacles.get(0).function();
        if (obstacles.size() == 1) {
            return obstacles.get(0).toString();
        }
        StringBuilder text = new StringBuilder(function).append(" cannot travel:");
        for (Explanation.Obstacle obstacle : obstacles) {
            text.append("\n- ");
            text.append(obstacle.function().equals(function) ? obstacle.text() : obstacle.toString());
        }
        return text.toString();
    }

    /**
     * Objects in a graph are not serializable.
     *
     * @param root the graph
     * @param objects the objects
     * @return one for each
     */
    static List<Explanation.Obstacle> unfit(@Nullable Object root, List<Object> objects) {
        GraphSearch search = new GraphSearch();
        IdentityHashMap<Object, GraphSearch.Step> ways = new IdentityHashMap<>();
        try {
            if (root != null && !objects.isEmpty()) {
                ways = search.find(root, objects);
            }
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            // the graph changes, or its own methods fail: name the objects without the ways to them
        }
        List<Explanation.Obstacle> obstacles = new ArrayList<>();
        for (Object object : objects) {
            GraphSearch.Step way = ways.get(object);
            obstacles.add(
                    root == null || root == object
                            ? obstacle(whatIs(object), "it", object, isUnfit(object), cure(object))
                            : way == null ? hidden(root, object, search.closed()) : unfit(way));
        }
        return obstacles;
    }

    private static Explanation.Obstacle obstacle(
            String function, String path, Object object, String reason, String cure) {
        return new Explanation.Obstacle(function, path, name(object.getClass()), reason, cure);
    }

    private static Explanation.Obstacle hidden(Object root, Object object, @Nullable Field closed) {
        if (closed != null
                && closed.getType() == object.getClass()
                && InnerText.isOuter(closed.getDeclaringClass(), closed.getName())) {
            InnerText inner = new InnerText(closed.getDeclaringClass());
            return captured(object, whatIs(root), inner.useOfOuter(), inner.cure());
        }
        String reason = "leads to " + whatIs(object) + ", which " + isUnfit(object) + closed(closed);
        return obstacle(whatIs(root), "it", object, reason, cure(object));
    }

    private static Explanation.Obstacle unfit(GraphSearch.Step found) {
        Object object = found.object;
        LambdaText owner = owner(found);
        String type = name(object.getClass());
        boolean isLambda = isLambda(object.getClass());
        if (owner != null && owner.isThis(found.capture) && !isLambda) {
            return captured(object, owner.where(), owner.useOfThis(), owner.copyInstead());
        }
        Class<?> from = found.from == null ? null : found.from.object.getClass();
        if (from != null && found.name.startsWith(".") && InnerText.isOuter(from, found.name.substring(1))) {
            InnerText inner = new InnerText(from);
            return captured(object, start(found), inner.useOfOuter(), inner.cure());
        }
        boolean named = found.capture >= 0 && !isLambda; // its class was just named
        String reason = named ? isUnfit(object) : "is " + whatIs(object) + ", which " + isUnfit(object);
        return new Explanation.Obstacle(start(found), way(found), type, reason, cure(object));
    }

    /** Somebody's this. */
    private static Explanation.Obstacle captured(Object object, String function, String use, String instead) {
        String type = name(object.getClass());
        return new Explanation.Obstacle(
                function,
                "this of " + type,
                type,
                "is captured because " + use + ", and " + type + " is not Serializable",
                instead + ", make " + type + " Serializable, or keep the object there with wrap()");
    }

    /**
     * Code of the user's, or of JBoss, failed while it wrote a graph.
     *
     * @param root the graph
     * @param capture in which captured value of it, if it is a lambda; -1 if that is not known
     * @param cause what happened
     */
    static Explanation.Obstacle failed(@Nullable Object root, int capture, Throwable cause) {
        String what = root == null ? "null" : whatIs(root);
        Object at = root;
        String path = "it";
        if (root != null && capture >= 0) {
            LambdaText lambda = text(root);
            path = lambda.captured(capture);
            at = ClassPlan.of(root.getClass()).form(root).getCapturedArg(capture);
        }
        String type = at == null ? "null" : name(at.getClass());
        if (cause instanceof CodecException) {
            return new Explanation.Obstacle(what, path, type, "is refused", String.valueOf(cause.getMessage()));
        }
        if (cause instanceof NotSerializableException) {
            return new Explanation.Obstacle(
                    what,
                    path,
                    type,
                    "has an object in it that refuses to be serialized: " + cause,
                    "see the cause for the way to it; replace it by a value, or keep it there with wrap()");
        }
        return new Explanation.Obstacle(
                what,
                path,
                type,
                "cannot be written: its own code failed: " + cause,
                "see the cause; mend it, replace it by a value, or keep it there with wrap()");
    }

    /** A body cannot be read. */
    static CodecException unreadable(Throwable cause) {
        Throwable at = cause;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at instanceof CodecException) {
                return new CodecException(String.valueOf(at.getMessage()), cause);
            }
            String message = at.getMessage();
            boolean isMissing = at instanceof ClassNotFoundException || at instanceof NoClassDefFoundError;
            if (message != null && isMissing && message.indexOf(' ') < 0) { // not "Could not initialize class ..."
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

    /** Which object it is, in a few words. */
    static String whatIs(Object object) {
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

    /** What is wrong with an object that cannot travel. */
    private static String isUnfit(Object object) {
        return isLost(object)
                ? "cannot be made again from what is sent, because of what the Eclipse compiler makes of super::"
                : "is not serializable";
    }

    private static boolean isLost(Object object) {
        return ClassPlan.of(object.getClass()).tag == Tag.LAMBDA;
    }

    private static String cure(Object object) {
        Class<?> type = object.getClass();
        if (isLost(object)) {
            return "write a lambda that calls the method in its body";
        }
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
            String way = names.charAt(0) == '.' ? names.substring(1) : "element " + names;
            return "its " + InnerText.plain(way);
        }
        return text(step.from.object).captured(step.capture) + names;
    }
}
