// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.filter;

import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.security.Security;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Processional;
import org.processional.spi.InputFilter;

/**
 * What a process takes: nothing of {@link Gadgets}, nothing that the pattern of the user refuses, and nothing that the
 * filter of the JVM refuses. What is of the api and of the engine itself needs no permission: it runs nothing but calls of
 * objects that were given out.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Filter implements InputFilter {
    /** They run nothing, and everything is made of them. */
    private static final Set<Class<?>> HARMLESS = Set.of(
            Object.class,
            String.class,
            Number.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class);

    /** Apart, since a slave that starts has no use for it. */
    private static final class Limits {
        static final Pattern NAMED = Pattern.compile("(^|;)max(depth|refs|bytes|array)=");
    }

    /** The class of filters that the JDK makes of patterns; their text is the pattern. */
    private static final String OF_PATTERN = "java.io.ObjectInputFilter$Config$Global";

    /** The name of the system property and of the security property. */
    public static final String JVM_FILTER = "jdk.serialFilter";

    private static final String ENGINE = "org.processional.engine.";
    private static final String API = Processional.class.getPackageName();

    private final @Nullable String pattern;
    private final @Nullable ObjectInputFilter own; // made of the pattern
    private final @Nullable ObjectInputFilter ofJvm;
    private final Set<String> named = new HashSet<>(); // classes that the pattern allows by their whole names
    private final boolean counts;

    Filter(@Nullable String pattern, @Nullable ObjectInputFilter ofJvm) {
        this.pattern = pattern;
        this.own = pattern == null ? null : ObjectInputFilter.Config.createFilter(pattern);
        this.ofJvm = ofJvm;
        this.counts = mayCount(ofJvm)
                || pattern != null && Limits.NAMED.matcher(pattern).find();
        for (String part : pattern == null ? new String[0] : pattern.split(";")) {
            int module = part.indexOf('/');
            named.add(part.substring(module + 1));
        }
    }

    /**
     * The filter of connections.
     *
     * @param pattern what the user gave, in the syntax of JEP 290; null or empty for nothing
     */
    public static Filter of(@Nullable String pattern) {
        boolean given = pattern != null && !pattern.isEmpty();
        return given || Security.getProperty(JVM_FILTER) != null ? ofServer(given ? pattern : null) : ofSlave(pattern);
    }

    /** The same, also with a filter of the JVM that the program itself has set. */
    public static Filter ofServer(@Nullable String pattern) {
        return new Filter(pattern, ObjectInputFilter.Config.getSerialFilter());
    }

    /**
     * The same in a slave, whose master has told it by a system property what the JVM has. To ask the JDK takes a cold JVM 15
     * to 50 ms for its filter, and some for its security properties, which a slave that starts has not got.
     */
    public static Filter ofSlave(@Nullable String pattern) {
        boolean given = pattern != null && !pattern.isEmpty();
        return given || System.getProperty(JVM_FILTER) != null
                ? ofServer(given ? pattern : null)
                : new Filter(null, null);
    }

    /** The filter that all programs of this Java have; null for none. */
    public static @Nullable String ofJava() {
        return Security.getProperty(JVM_FILTER);
    }

    @Override
    public void name(String name) {
        String element = element(name);
        if (Gadgets.has(element) && !named.contains(element)) {
            throw new CodecException("class " + element + " is refused" + here()
                    + ": it is known to run code of attackers when it is read. If it must travel between processes that"
                    + " trust each other, name it in the option filter of the process that refuses it: \"" + element
                    + "\"");
        }
    }

    /** The class of the elements of an array, or the class itself. */
    private static String element(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '[') {
            start++;
        }
        boolean isArray = start > 0 && name.endsWith(";");
        return isArray ? name.substring(start + 1, name.length() - 1) : name;
    }

    @Override
    public void type(Class<?> type) {
        name(type.getName());
        if (!isOurs(type) && !isHarmless(type)) {
            ask(type, null);
        }
    }

    @Override
    public void lambda(Class<?> capturing) {
        name(capturing.getName());
        if (!isOurs(capturing)) {
            ask(SerializedLambda.class, capturing); // what Java serialization would ask about
            ask(capturing, capturing);
        }
    }

    /** Strings, boxed primitives, and arrays of them, of primitives and of anything: their elements are asked about. */
    private static boolean isHarmless(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || HARMLESS.contains(element);
    }

    private static boolean isOurs(Class<?> type) {
        String name = type.getName();
        return type.getClassLoader() == Filter.class.getClassLoader()
                && (name.startsWith(ENGINE) || type.getPackageName().equals(API));
    }

    /**
     * Asks both filters.
     *
     * @param capturing the class in which a lambda was written; null if it is about none
     */
    private void ask(Class<?> type, @Nullable Class<?> capturing) {
        if (own == null && ofJvm == null) {
            return;
        }
        Asked info = new Asked(type);
        if (own != null && refuses(own, info)) {
            throw refused(type, capturing, "its filter \"" + pattern + "\"", "the option filter");
        }
        if (ofJvm != null && refuses(ofJvm, info)) {
            throw refused(
                    type,
                    capturing,
                    "the filter of its JVM, \"" + ofJvm + "\"",
                    "the system property jdk.serialFilter");
        }
    }

    private static CodecException refused(Class<?> type, @Nullable Class<?> capturing, String filter, String option) {
        String what = capturing == null ? "class " : "a lambda of class " + capturing.getTypeName() + " (as class ";
        return new CodecException(what + type.getTypeName() + (capturing == null ? "" : ")") + " is refused" + here()
                + " by " + filter + "; allow it there, in " + option + ", or send something else");
    }

    @Override
    public boolean counts() {
        return counts;
    }

    @Override
    public void count(ObjectInputFilter.FilterInfo info) {
        Numbers numbers = Numbers.of(info);
        if (own != null && refuses(own, numbers)) {
            throw tooMuch(info, "its filter \"" + pattern + "\"");
        }
        // One that is made in code may also refuse what it is asked with, whose class was asked about already.
        if (ofJvm != null && refuses(ofJvm, numbers) && !refuses(ofJvm, numbers.least())) {
            throw tooMuch(info, "the filter of its JVM, \"" + ofJvm + "\"");
        }
    }

    /** Whether a filter of the JVM may have limits: all may that are made in code, and of patterns those that name some. */
    private static boolean mayCount(@Nullable ObjectInputFilter ofJvm) {
        return ofJvm != null
                && !(ofJvm.getClass().getName().equals(OF_PATTERN)
                        && !Limits.NAMED.matcher(ofJvm.toString()).find());
    }

    /** Asks a filter; one that fails refuses, as for Java serialization. */
    private static boolean refuses(ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
        try {
            return filter.checkInput(info) == ObjectInputFilter.Status.REJECTED;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static CodecException tooMuch(ObjectInputFilter.FilterInfo info, String filter) {
        Class<?> type = info.serialClass();
        String what = type == null ? "" : " of class " + type.getTypeName();
        String length = info.arrayLength() < 0 ? "" : info.arrayLength() + " elements, ";
        return new CodecException("a message" + what + " is refused" + here() + " by " + filter + ": it has " + length
                + info.references() + " objects so far, " + info.depth() + " deep, in " + info.streamBytes()
                + " bytes; raise maxarray, maxrefs, maxdepth or maxbytes there, or send it in parts");
    }

    private static String here() {
        return " in process " + ProcessHandle.current().pid();
    }

    /** A class alone. */
    private record Asked(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 1;
        }
    }

    /**
     * Numbers alone: classes are asked about once for all. A length comes with a class of which a pattern says nothing but
     * how long it may be.
     */
    private record Numbers(
            @Nullable Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
            implements ObjectInputFilter.FilterInfo {
        static Numbers of(ObjectInputFilter.FilterInfo info) {
            return new Numbers(
                    info.arrayLength() < 0 ? null : byte[].class,
                    info.arrayLength(),
                    info.depth(),
                    info.references(),
                    info.streamBytes());
        }

        /** What no limit refuses. */
        Numbers least() {
            return new Numbers(serialClass, Math.min(arrayLength, 0), 1, 1, 1);
        }
    }
}
