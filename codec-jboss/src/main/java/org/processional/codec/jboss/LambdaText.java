// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Names a lambda and what it captures, for error messages.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class LambdaText {
    private final SerializedLambda form;
    private final ClassLoader loader;
    private final boolean synthetic; // a lambda with a body, no method reference
    private final boolean bound; // what is captured first is the object whose method it is
    private final @Nullable MethodSource source;

    /**
     * Looks at a lambda.
     *
     * @param form its parts
     * @param lambda its class
     */
    LambdaText(SerializedLambda form, Class<?> lambda) {
        this.form = form;
        ClassLoader own = lambda.getClassLoader();
        this.loader = own == null ? ClassLoader.getPlatformClassLoader() : own;
        this.synthetic = form.getImplMethodName().startsWith("lambda$");
        int kind = form.getImplMethodKind();
        this.bound = kind == MethodHandleInfo.REF_invokeVirtual
                || kind == MethodHandleInfo.REF_invokeSpecial
                || kind == MethodHandleInfo.REF_invokeInterface;
        this.source = synthetic ? source() : null;
    }

    private @Nullable MethodSource source() {
        try {
            Class<?> type = Loading.find(form.getImplClass().replace('/', '.'), loader);
            return MethodSource.of(type, form.getImplMethodName(), form.getImplMethodSignature());
        } catch (ClassNotFoundException e) {
            return null; // the name of the class alone, then
        }
    }

    /** Which lambda it is, for example {@code the lambda at com.example.App.main (App.java:42)}. */
    String where() {
        String type = form.getCapturingClass().replace('/', '.');
        if (!synthetic) {
            return "the method reference " + form.getImplClass().replace('/', '.') + "::" + form.getImplMethodName()
                    + " in " + type;
        }
        StringBuilder text =
                new StringBuilder("the lambda at ").append(type).append('.').append(enclosing());
        MethodSource from = source;
        if (from != null && from.file() != null && from.line() > 0) {
            text.append(" (")
                    .append(from.file())
                    .append(':')
                    .append(from.line())
                    .append(')');
        }
        return text.toString();
    }

    /** From {@code lambda$main$0} what is between. */
    private String enclosing() {
        String name = form.getImplMethodName();
        int end = name.lastIndexOf('$');
        String method = end > 7 ? name.substring(7, end) : name;
        int hash = method.lastIndexOf('$'); // of serializable lambdas: lambda$main$5a1b2c$1
        String plain = hash > 0 ? method.substring(0, hash) : method;
        return plain.equals("new") ? "<init>" : plain.equals("static") ? "<clinit>" : plain;
    }

    /** Whether a captured value is the object in whose code the lambda stands. */
    boolean isThis(int index) {
        return index == 0 && synthetic && bound;
    }

    /** Names a captured value, for example {@code captured #2 "order" (com.example.Order)}. */
    String captured(int index) {
        Object value = form.getCapturedArg(index);
        StringBuilder text = new StringBuilder("captured #").append(index + 1);
        if (isThis(index)) {
            text.append(" this");
        } else {
            String name = name(index);
            if (name != null) {
                text.append(" \"").append(name).append('"');
            }
        }
        return value == null
                ? text.toString()
                : text.append(" (")
                        .append(Diagnosis.name(value.getClass()))
                        .append(')')
                        .toString();
    }

    /** The name that a captured variable has in the source. */
    private @Nullable String name(int index) {
        MethodSource from = source;
        if (from == null) {
            return null;
        }
        MethodType types = MethodType.fromMethodDescriptorString(form.getImplMethodSignature(), loader);
        int slot = bound ? 1 : 0;
        int parameters = bound ? index - 1 : index;
        for (int i = 0; i < parameters; i++) {
            Class<?> type = types.parameterType(i);
            slot += type == long.class || type == double.class ? 2 : 1;
        }
        return from.local(slot);
    }
}
