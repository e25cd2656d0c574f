// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The walk through code understands whatever a compiler makes, and finds {@code this} wherever it comes to. */
@Timeout(120)
class CodeWalkTest {
    /** Notes what it is told. */
    private static final class Notes implements CodeWalk.Visitor {
        final TreeSet<String> all = new TreeSet<>();

        @Override
        public void field(ClassContent.Member field, byte of, boolean read) {
            all.add((read ? "get " : "put ") + field.name() + " of " + of);
        }

        @Override
        public void call(ClassContent.Member method, boolean isStatic, byte[] arguments) {
            all.add("call " + method.name());
        }

        @Override
        public void dynamic(ClassContent.Dynamic made, int offset, byte[] captured) {
            all.add("dynamic with " + captured.length);
        }

        @Override
        public void escapes(byte value) {
            all.add("escapes " + value);
        }
    }

    @Test
    void allCodeOfTheJdkIsUnderstood() throws IOException {
        Path packages = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base/java");
        List<String> strange = new ArrayList<>();
        int count = 0;
        try (Stream<Path> files = Files.walk(packages)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
                ClassContent content = ClassContent.of(Files.readAllBytes(file));
                assertThat(file.toString()).endsWith(content.name() + ".class");
                for (ClassContent.Method method : content.methods()) {
                    try {
                        CodeWalk.walk(content, method, new byte[] {CodeWalk.THIS}, new Notes());
                        count++;
                    } catch (RuntimeException e) {
                        strange.add(content.name() + "." + method.name + method.descriptor + ": " + e);
                    }
                }
            }
        }
        assertThat(strange).isEmpty();
        assertThat(count).isGreaterThan(20_000);
    }

    private static TreeSet<String> walk(Class<?> type, String name) {
        ClassContent content = ClassContent.of(type);
        Notes notes = new Notes();
        for (ClassContent.Method method : content.methods()) {
            if (method.name.equals(name)) {
                CodeWalk.walk(content, method, new byte[] {CodeWalk.THIS}, notes);
            }
        }
        return notes.all;
    }

    int one;
    long two;

    long inALocalVariable(boolean first) {
        CodeWalkTest me = first ? this : new CodeWalkTest();
        long sum = 0;
        for (int i = 0; i < 2; i++) {
            sum += me.two;
        }
        return sum;
    }

    int ofAnotherObject(CodeWalkTest other) {
        return other.one;
    }

    void changed() {
        one++;
    }

    Object[] inAnArray() {
        return new Object[] {1, this};
    }

    int caught(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return one;
        }
    }

    @Test
    void thisIsFollowed() {
        assertThat(walk(CodeWalkTest.class, "inALocalVariable")).containsExactly("get two of 1");
        assertThat(walk(CodeWalkTest.class, "ofAnotherObject")).isEmpty();
        assertThat(walk(CodeWalkTest.class, "changed")).containsExactly("get one of 1", "put one of 1");
        assertThat(walk(CodeWalkTest.class, "inAnArray")).containsExactly("escapes 1");
        assertThat(walk(CodeWalkTest.class, "caught")).containsExactly("get one of 1");
    }

    @Test
    void slotsOfArguments() {
        assertThat(CodeWalk.argumentSlots("(I[[JLjava/lang/String;D[Ljava/lang/Object;)V"))
                .isEqualTo(6);
        assertThat(CodeWalk.argumentSlots("()J")).isZero();
    }

    @Test
    void strangeFilesSayNothing() {
        byte[] bytes = ClassFile.read(CodeWalkTest.class);
        assertThat(ClassContent.of(bytes).file()).isEqualTo("CodeWalkTest.java");
        for (int length = 0; length < bytes.length - 1; length += 7) {
            assertThat(ClassContent.of(Arrays.copyOf(bytes, length)).name()).isEmpty();
        }
        assertThat(ClassContent.of(new byte[] {1, 2, 3}).methods()).isEmpty();
    }
}
