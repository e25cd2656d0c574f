// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.reflect.Modifier;

/**
 * Names what objects of anonymous, local and inner classes capture, for messages.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class InnerText {
    private static final String OUTER = "this$";
    private static final String VARIABLE = "val$";

    private final Class<?> type;

    InnerText(Class<?> type) {
        this.type = type;
    }

    /** Whether a field of a class holds the object in which its objects are made. */
    static boolean isOuter(Class<?> type, String field) {
        return field.startsWith(OUTER) && isInner(type);
    }

    /** Whether each object of a class may have another one in which it was made. */
    private static boolean isInner(Class<?> type) {
        return !Modifier.isStatic(type.getModifiers()) && type.getEnclosingClass() != null;
    }

    /** The name of a field as in the source: that of a captured variable, {@code this} for the object around. */
    static String plain(String field) {
        return field.startsWith(VARIABLE) ? field.substring(VARIABLE.length()) : field;
    }

    /** What a field of an object is called: of captured ones, the variable, or {@code this} of its class. */
    static String title(Class<?> type, String field) {
        if (isOuter(type, field)) {
            return type.getEnclosingClass().getSimpleName() + ".this";
        }
        return plain(field);
    }

    /** What its code needs the object around it for. */
    String useOfOuter() {
        ClassLoader loader = type.getClassLoader();
        String uses = ThisUses.ofOuter(
                        ClassContent.of(type), loader == null ? ClassLoader.getPlatformClassLoader() : loader)
                .text();
        return uses.isEmpty()
                ? kind() + " keeps the object in which it is made, whether it uses it or not"
                : kind() + " " + uses;
    }

    private String kind() {
        String kind =
                type.isAnonymousClass() ? "anonymous class " : type.isLocalClass() ? "local class " : "inner class ";
        return "the " + kind + Diagnosis.name(type);
    }

    /** How not to capture it. */
    String cure() {
        return type.isAnonymousClass()
                ? "use a lambda or a static class on copies of what it needs"
                : "make " + type.getSimpleName()
                        + (type.isLocalClass() ? " a static class outside of the method" : " static");
    }
}
