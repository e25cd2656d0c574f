// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Processional;
import org.processional.tck.EngineRules;

/**
 * The public types and members of the modules that others compile against are those that {@code docs/api} lists, so that
 * no change of them goes unseen. One that is meant: {@code mvn -Dprocessional.signatures=write -pl it -am verify
 * -Dtest=SignaturesTest}, and the changed list goes into the commit.
 */
class SignaturesTest {
    private static final boolean WRITE = "write".equals(System.getProperty("processional.signatures"));

    @ParameterizedTest
    @ValueSource(strings = {"org.processional", "org.processional.tck"})
    void publicSignaturesAreThoseOfTheList(String module) throws Exception {
        Path list = Path.of("../docs/api", module + ".txt");
        String found = signatures(module);
        if (WRITE) {
            Files.writeString(list, found);
        }
        assertThat(found.lines().toList())
                .as("a change of the api that is meant goes into " + list + ": -Dprocessional.signatures=write")
                .isEqualTo(Files.readAllLines(list));
    }

    private static String signatures(String module) throws Exception {
        Class<?> inside = module.endsWith("tck") ? EngineRules.class : Processional.class;
        Path place = Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleReference reference = ModuleFinder.of(place).find(module).orElseThrow();
        TreeSet<String> types = new TreeSet<>();
        for (ModuleDescriptor.Exports exported : reference.descriptor().exports()) {
            if (!exported.isQualified()) {
                for (String name : classes(reference, exported.source())) {
                    describe(Class.forName(name, false, inside.getClassLoader()), types);
                }
            }
        }
        return String.join("\n", types) + "\n";
    }

    private static List<String> classes(ModuleReference reference, String packageName) throws IOException {
        String folder = packageName.replace('.', '/') + "/";
        try (ModuleReader reader = reference.open();
                Stream<String> names = reader.list()) {
            return names.filter(name -> name.startsWith(folder) && name.endsWith(".class"))
                    .filter(name -> name.indexOf('/', folder.length()) < 0 && !name.endsWith("package-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void describe(Class<?> type, TreeSet<String> types) {
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (!isSeen(outer.getModifiers()) || outer.isAnonymousClass() || outer.isLocalClass()) {
                return;
            }
        }
        TreeSet<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isSeen(field.getModifiers()) && !field.isSynthetic()) {
                members.add(Modifier.toString(field.getModifiers()) + " " + name(field.getGenericType()) + " "
                        + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isSeen(constructor.getModifiers()) && !constructor.isSynthetic()) {
                members.add(text(constructor, "new", ""));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean shown = isSeen(method.getModifiers()) && !method.isSynthetic() && !method.isBridge();
            if (shown) {
                String kind = method.isDefault() ? "default " : "";
                members.add(kind + text(method, method.getName(), name(method.getGenericReturnType()) + " "));
            }
        }
        String lines = members.stream().map(member -> "    " + member.trim()).collect(Collectors.joining("\n"));
        types.add(head(type) + (lines.isEmpty() ? "" : "\n" + lines));
    }

    private static String head(Class<?> type) {
        List<String> words = new ArrayList<>(List.of(type.getName() + variables(type.getTypeParameters()) + ":"));
        int shown = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL;
        int modifiers = type.isInterface() || type.isRecord() || type.isEnum() ? Modifier.PUBLIC : shown;
        words.add(Modifier.toString(type.getModifiers() & modifiers));
        if (Modifier.isAbstract(type.getModifiers()) && !type.isInterface() && !type.isEnum()) {
            words.add("abstract");
        }
        if (type.isSealed() && !type.isEnum()) {
            words.add("sealed");
        }
        words.add(
                type.isAnnotation()
                        ? "annotation"
                        : type.isInterface()
                                ? "interface"
                                : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class");
        if (type.isRecord()) {
            words.add(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        List<Type> above = new ArrayList<>(Arrays.asList(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
            above.add(0, type.getGenericSuperclass());
        }
        if (!above.isEmpty()) {
            words.add("is " + above.stream().map(SignaturesTest::name).collect(Collectors.joining(", ")));
        }
        return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String text(Executable member, String name, String result) {
        int modifiers = member.getModifiers() & ~(Modifier.TRANSIENT | Modifier.VOLATILE | Modifier.SYNCHRONIZED);
        String parameters = Arrays.stream(member.getGenericParameterTypes())
                .map(SignaturesTest::name)
                .collect(Collectors.joining(", "));
        String thrown = Arrays.stream(member.getGenericExceptionTypes())
                .map(SignaturesTest::name)
                .collect(Collectors.joining(", "));
        String variables = variables(member.getTypeParameters());
        return Modifier.toString(modifiers)
                + (variables.isEmpty() ? "" : " " + variables)
                + " " + result + name + "(" + parameters + ")" + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName() + bounds(variable))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(TypeVariable<?> variable) {
        Type[] bounds = variable.getBounds();
        return bounds.length == 1 && bounds[0] == Object.class
                ? ""
                : " extends " + Arrays.stream(bounds).map(SignaturesTest::name).collect(Collectors.joining(" & "));
    }

    private static String name(Type type) {
        return type.getTypeName();
    }
}
