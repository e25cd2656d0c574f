// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Names a lambda and what it captures, for messages, in the words of its source as far as its class file has them.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class LambdaText {
    private final SerializedLambda form;
    private final ClassLoader loader;
    private final ClassContent content; // of the class with the code
    private final ClassContent.@Nullable Method method; // the code; null if there is no file
    private final boolean synthetic; // a lambda with a body, no method reference
    private final boolean bound; // what is captured first is the object whose method it is
    private @Nullable LambdaSite site; // looked for at first need

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
        this.content = content(synthetic ? form.getImplClass() : form.getCapturingClass());
        this.method = synthetic ? content.method(form.getImplMethodName(), form.getImplMethodSignature()) : null;
    }

    private ClassContent content(String type) {
        try {
            return ClassContent.of(Loading.find(type.replace('/', '.'), loader));
        } catch (ClassNotFoundException | LinkageError e) {
            return ClassContent.unknown(); // its name alone, then
        }
    }

    private LambdaSite site() {
        LambdaSite found = site;
        if (found == null) {
            found = LambdaSite.find(content, implementation(), form.getFunctionalInterfaceClass());
            site = found;
        }
        return found;
    }

    private ClassContent.Member implementation() {
        return new ClassContent.Member(form.getImplClass(), form.getImplMethodName(), form.getImplMethodSignature());
    }

    /** Which lambda it is, for example {@code the lambda at com.example.App.main (App.java:42)}. */
    String where() {
        String type = form.getCapturingClass().replace('/', '.');
        if (!synthetic) {
            return reference() + " in " + type + place(site().line());
        }
        ClassContent.Method code = method;
        int line = code == null ? 0 : code.line(0);
        return "the lambda at " + type + "." + enclosing() + place(line > 0 ? line : site().line());
    }

    private String place(int line) {
        return content.file() == null || line <= 0 ? "" : " (" + content.file() + ":" + line + ")";
    }

    private String reference() {
        ClassContent.Member named = implementation();
        if (named.name().startsWith(Accessor.PREFIX)) {
            ClassContent.Member behind = Accessor.target(content, named);
            named = behind == null ? named : behind;
        }
        String name = named.name().equals("<init>") ? "new" : named.name();
        return "the method reference " + named.owner().replace('/', '.') + "::" + name;
    }

    /** From {@code lambda$main$0} what is between; the Eclipse compiler gives a number alone. */
    private String enclosing() {
        String name = form.getImplMethodName();
        int end = name.lastIndexOf('$');
        if (end <= 7) {
            String found = site().method();
            return found == null ? name : found;
        }
        String between = name.substring(7, end);
        int hash = between.lastIndexOf('$'); // of serializable lambdas: lambda$main$5a1b2c$1
        String plain = hash > 0 ? between.substring(0, hash) : between;
        return plain.equals("new") ? "<init>" : plain.equals("static") ? "<clinit>" : plain;
    }

    /** Whether a captured value is the object in whose code the lambda or the method reference stands. */
    boolean isThis(int index) {
        if (index != 0) {
            return false;
        }
        return synthetic ? bound : site().bindsThis();
    }

    /** What the code needs this for, as a verb and its objects; says less if there is no class file. */
    String useOfThis() {
        if (!synthetic) {
            return "the method reference is bound to it";
        }
        String uses = uses().text();
        return "the lambda " + (uses.isEmpty() ? "uses a field or a method of it" : uses);
    }

    /** What to copy instead of capturing this. */
    String copyInstead() {
        if (!synthetic) {
            return "use a lambda on local copies of what the method needs";
        }
        ThisUses uses = uses();
        return "make a local copy of " + (uses.areFields() ? uses.fieldNames() : "what it needs");
    }

    private ThisUses uses() {
        return ThisUses.of(content, form.getImplMethodName(), form.getImplMethodSignature(), loader);
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

    /** What a captured value is called: as in the source, {@code this}, or its number, from {@code #1}. */
    String title(int index) {
        String name = isThis(index) ? "this" : name(index);
        return name == null ? "#" + (index + 1) : name;
    }

    /** The type with which a value is captured. */
    String type(int index) {
        if (bound && index == 0) {
            return form.getImplClass().replace('/', '.');
        }
        MethodType types = types();
        int parameter = bound ? index - 1 : index;
        return types == null ? "?" : types.parameterType(parameter).getTypeName();
    }

    private @Nullable MethodType types() {
        try {
            return MethodType.fromMethodDescriptorString(form.getImplMethodSignature(), loader);
        } catch (TypeNotPresentException e) {
            return null;
        }
    }

    /** The name that a captured variable has in the source: in the code, or where it is captured. */
    private @Nullable String name(int index) {
        MethodType types = types();
        if (types == null) {
            return null;
        }
        int slot = bound ? 1 : 0;
        for (int i = 0; i < (bound ? index - 1 : index); i++) {
            Class<?> type = types.parameterType(i);
            slot += type == long.class || type == double.class ? 2 : 1;
        }
        slot = bound && index == 0 ? 0 : slot;
        ClassContent.Method code = method;
        String name = code == null ? null : code.local(slot, 0);
        return name == null ? site().name(slot) : name;
    }
}
