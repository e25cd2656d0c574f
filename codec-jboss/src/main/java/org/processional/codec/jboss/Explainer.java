// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Explanation;

/**
 * Tells what a function captures, and how many bytes each value takes.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Explainer {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // the longest array

    private final SessionCodec codec;
    private final List<Explanation.Capture> captures = new ArrayList<>();

    private Explainer(SessionCodec codec) {
        this.codec = codec;
    }

    /**
     * Explains a function.
     *
     * @param codec of a connection to nowhere
     * @param function the function
     */
    static Explanation explain(SessionCodec codec, Serializable function) {
        Explainer explainer = new Explainer(codec);
        explainer.look(function);
        List<Explanation.Obstacle> obstacles = Inspection.of(codec, function, MAX_BYTES);
        SessionCodec.Probed whole = codec.probe(function, MAX_BYTES);
        boolean travels = obstacles.isEmpty();
        return new Explanation(
                Diagnosis.whatIs(function),
                explainer.captures,
                obstacles,
                travels ? whole.bytes() : Explanation.UNKNOWN,
                travels ? whole.definitionBytes() : Explanation.UNKNOWN);
    }

    private void look(Object function) {
        Class<?> type = function.getClass();
        ClassPlan plan = ClassPlan.of(type);
        switch (plan.tag) {
            case Tag.LAMBDA -> lookIntoLambda(plan.form(function), type);
            case Tag.RECORD -> lookIntoRecord(function, plan.record());
            case Tag.REST, Tag.PLAIN -> {
                if (!Externalizable.class.isAssignableFrom(type) && !plan.isReplaced()) {
                    lookIntoFields(function, type);
                }
            }
            default -> {
                // an enum, for example: it travels as its name
            }
        }
    }

    private void lookIntoLambda(SerializedLambda form, Class<?> type) {
        LambdaText text = new LambdaText(form, type);
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            add(text.title(i), text.type(i), form.getCapturedArg(i));
        }
    }

    private void lookIntoRecord(Object function, RecordAccess record) {
        @Nullable Object[] values = null;
        try {
            values = record.read(function);
        } catch (CodecException e) {
            // it cannot travel, which is told elsewhere
        }
        for (int i = 0; i < record.size(); i++) {
            if (values == null) {
                addUnknown(record.componentName(i), record.componentType(i));
            } else {
                add(record.componentName(i), record.componentType(i), values[i]);
            }
        }
    }

    /** Superclasses first, as they are written. */
    private void lookIntoFields(Object function, @Nullable Class<?> type) {
        if (type == null || !Serializable.class.isAssignableFrom(type)) {
            return;
        }
        lookIntoFields(function, type.getSuperclass());
        for (Field field : type.getDeclaredFields()) {
            if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                String name = InnerText.title(type, field.getName());
                String declared = Diagnosis.name(field.getType());
                try {
                    if (field.trySetAccessible()) {
                        add(name, declared, field.get(function));
                        continue;
                    }
                } catch (IllegalAccessException e) {
                    // as if it were closed
                }
                addUnknown(name, declared);
            }
        }
    }

    private void addUnknown(String name, String type) {
        captures.add(new Explanation.Capture(name, type, "?", Explanation.UNKNOWN));
    }

    private void add(String name, String type, @Nullable Object value) {
        SessionCodec.Probed probed = codec.probe(value, MAX_BYTES);
        captures.add(new Explanation.Capture(
                name,
                type,
                value == null ? "null" : Diagnosis.name(value.getClass()),
                probed.travels() ? probed.bytes() : Explanation.UNKNOWN));
    }
}
