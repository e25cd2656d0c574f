// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shortest ways from a root to objects that cannot travel, for the messages about them. It sees what we may see:
 * elements of arrays and collections, components of records, what lambdas capture, and fields of open packages.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class GraphSearch {
    private static final int MAX_OBJECTS = 100_000;

    private final ArrayDeque<Step> queue = new ArrayDeque<>();
    private final IdentityHashMap<Object, Boolean> met = new IdentityHashMap<>();
    private @Nullable Field closed; // the first field that could not be read

    /** An object on the way, and how it is reached from the one before. */
    static final class Step {
        final Object object;
        final @Nullable Step from;
        final String name;
        final int capture; // index, if the one before is a lambda; or -1

        Step(Object object, @Nullable Step from, String name, int capture) {
            this.object = object;
            this.from = from;
            this.name = name;
            this.capture = capture;
        }
    }

    /**
     * Finds the ways to several objects.
     *
     * @param root where they begin
     * @param targets the objects, none twice
     * @return by object: the last step of the way, which is the object; nothing for one to which we see no way
     */
    IdentityHashMap<Object, Step> find(Object root, List<Object> targets) {
        IdentityHashMap<Object, Step> found = new IdentityHashMap<>();
        IdentityHashMap<Object, Boolean> wanted = new IdentityHashMap<>();
        for (Object target : targets) {
            wanted.put(target, true);
        }
        queue.add(new Step(root, null, "", -1));
        while (!queue.isEmpty() && met.size() < MAX_OBJECTS && found.size() < wanted.size()) {
            Step step = queue.remove();
            if (wanted.containsKey(step.object)) {
                found.putIfAbsent(step.object, step);
            }
            if (met.put(step.object, true) == null) {
                expand(step);
            }
        }
        return found;
    }

    /** A field that may be on the way, but cannot be read. */
    @Nullable
    Field closed() {
        return closed;
    }

    private void add(@Nullable Object object, Step from, String name) {
        if (object != null) {
            queue.add(new Step(object, from, name, -1));
        }
    }

    /** Whether more steps wait than will be looked at. */
    private boolean isFull() {
        return queue.size() >= MAX_OBJECTS;
    }

    private void expand(Step step) {
        Object object = step.object;
        ClassPlan plan = ClassPlan.of(object.getClass());
        if (plan.tag == Tag.LAMBDA) {
            SerializedLambda form = plan.form(object);
            for (int i = 0; i < form.getCapturedArgCount(); i++) {
                if (form.getCapturedArg(i) != null) {
                    queue.add(new Step(form.getCapturedArg(i), step, "", i));
                }
            }
        } else if (plan.tag == Tag.RECORD) {
            @Nullable Object[] values = plan.record().read(object);
            for (int i = 0; i < values.length; i++) {
                add(values[i], step, "." + plan.record().componentName(i));
            }
        } else if (object instanceof Object[] elements) {
            for (int i = 0; i < elements.length && !isFull(); i++) {
                add(elements[i], step, "[" + i + "]");
            }
        } else if (plan.tag == Tag.OPTIONAL) {
            add(((Optional<?>) object).orElse(null), step, ".get()");
        } else if (object instanceof Collection<?> elements && plan.isSerializable()) {
            expandCollection(elements, step);
        } else if (object instanceof Map<?, ?> map && plan.isSerializable()) {
            expandMap(map, step);
        } else if (plan.tag == Tag.REST || plan.tag == Tag.PLAIN) {
            expandFields(step);
        }
    }

    private void expandCollection(Collection<?> elements, Step step) {
        int index = 0;
        for (Object element : elements) {
            if (isFull()) {
                return; // it may have no end
            }
            add(element, step, "[" + index++ + "]");
        }
    }

    private void expandMap(Map<?, ?> map, Step step) {
        int index = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isFull()) {
                return;
            }
            Object key = entry.getKey();
            boolean brief = key instanceof String || key instanceof Number || key instanceof Enum;
            add(key, step, ".keySet()[" + index + "]");
            add(entry.getValue(), step, brief ? ".get(" + key + ")" : ".values()[" + index + "]");
            index++;
        }
    }

    private void expandFields(Step step) {
        for (Class<?> type = step.object.getClass();
                type != null && Serializable.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getType().isPrimitive()
                        || (field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) != 0) {
                    continue;
                }
                try {
                    if (field.trySetAccessible()) {
                        add(field.get(step.object), step, "." + field.getName());
                    } else if (closed == null) {
                        closed = field;
                    }
                } catch (IllegalAccessException e) {
                    closed = field;
                }
            }
        }
        if (step.object instanceof Throwable throwable) {
            expandThrowable(step, throwable);
        }
    }

    /** The fields of Throwable are closed to all, and have accessors. */
    private void expandThrowable(Step step, Throwable failure) {
        add(failure.getCause(), step, ".getCause()");
        Throwable[] suppressed = failure.getSuppressed();
        for (int i = 0; i < suppressed.length; i++) {
            add(suppressed[i], step, ".getSuppressed()[" + i + "]");
        }
    }
}
