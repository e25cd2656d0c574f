// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;

/** The two ends have different versions of the user's classes: it works, or the error says what differs, and where. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#bestOrAllIfFull")
class TwoVersionsTest {
    /** Of every case: {@code new Maker().call()} makes what is sent. */
    private static final String MAKER = "public class Maker implements java.util.concurrent.Callable<Object> {"
            + " public Object call() { return %s; } }";

    private static final String SAME = "run the same version of it at both ends";

    @TempDir
    private Path folder;

    private final Ends ends;
    private final List<URLClassLoader> loaders = new ArrayList<>();

    TwoVersionsTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    @AfterEach
    void close() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    private String place(String version) throws IOException {
        return folder.resolve(version).toUri().toURL().toString();
    }

    /** Compiles sources, each of which is one class, into a folder, and gives its loader. */
    private ClassLoader version(String version, String... sources) throws IOException {
        Path place = Files.createDirectories(folder.resolve(version));
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-nowarn", "-d", place.toString()));
        arguments.add("-cp");
        arguments.add(System.getProperty("java.class.path"));
        for (String source : sources) {
            String name = source.replaceFirst("(?s).*?\\b(?:class|record|enum|interface) (\\w+).*", "$1");
            Path file =
                    Files.createDirectories(folder.resolve("source-" + version)).resolve(name + ".java");
            arguments.add(Files.writeString(file, source).toString());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertThat(result).isZero();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {place.toUri().toURL()}, TwoVersionsTest.class.getClassLoader());
        loaders.add(loader);
        return loader;
    }

    private static String maker(String expression) {
        return String.format(MAKER, expression);
    }

    private static Object make(ClassLoader loader) throws Exception {
        return ((Callable<?>) loader.loadClass("Maker").getConstructor().newInstance()).call();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Object value, ClassLoader receiver) {
        byte[] body = ends.encode(value);
        return assertThatThrownBy(() -> ends.decode(body, receiver)).isInstanceOf(CodecException.class);
    }

    /** With and without something that only JBoss writes. */
    private static List<Object> bothWays(Object value) {
        return List.of(value, new Object[] {value, new BitSet()});
    }

    private String classWithId(long id) {
        return "public class Item implements java.io.Serializable { private static final long serialVersionUID = " + id
                + "L; int x = 5; }";
    }

    @Test
    void anotherSerialVersionUidNamesTheClassBothIdsAndBothPlaces() throws Exception {
        ClassLoader sender = version("v1", maker("new Item()"), classWithId(11));
        ClassLoader receiver = version("v2", classWithId(22));
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item has another serialVersionUID at the two ends: 11L at the sender's")
                .hasMessageContaining("22L here")
                .hasMessageContaining(place("v1"))
                .hasMessageContaining(place("v2"))
                .hasMessageContaining(SAME);
    }

    @Test
    void aSuperclassWithAnotherSerialVersionUidIsNamed() throws Exception {
        String sub = "public class Sub extends Item { private static final long serialVersionUID = 1L; }";
        ClassLoader sender = version("v1", maker("new Sub()"), classWithId(11), sub);
        ClassLoader receiver = version("v2", classWithId(22), sub);
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item has another serialVersionUID")
                .hasMessageContaining(place("v1"))
                .hasMessageContaining(place("v2"));
    }

    @Test
    void aComputedSerialVersionUidThatDiffersNamesBoth() throws Exception {
        ClassLoader sender =
                version("v1", maker("new Item()"), "public class Item implements java.io.Serializable { int x; }");
        ClassLoader receiver = version("v2", "public class Item implements java.io.Serializable { int x; int y; }");
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item has another serialVersionUID")
                .hasMessageContaining(place("v1"))
                .hasMessageContaining(place("v2"));
    }

    @Test
    void theSameSerialVersionUidWorksWithOtherFields() throws Exception {
        String head = "public class Item implements java.io.Serializable { private static final long serialVersionUID"
                + " = 1L; public String toString() { return ";
        ClassLoader sender = version("v1", maker("new Item()"), head + "\"\"; } int x = 5; int z = 6; }");
        ClassLoader receiver = version("v2", head + "x + \" \" + y; } int x; int y = 7; }");
        assertThat(ends.trip(make(sender), receiver)).hasToString("5 0");
    }

    @Test
    void aFieldOfAnotherTypeNamesItsClass() throws Exception {
        String head = "public class Item implements java.io.Serializable { private static final long serialVersionUID"
                + " = 1L; ";
        ClassLoader sender = version("v1", maker("new Item()"), head + "Object x = \"text\"; }");
        ClassLoader receiver = version("v2", head + "Integer x; }");
        assertRefused(make(sender), receiver)
                .hasMessageContaining("String to java.lang.Integer")
                .hasMessageContaining("in field Item.x")
                .hasMessageContaining("may differ between the two ends");
    }

    @Test
    void aPrimitiveFieldOfAnotherTypeNamesItAndBothPlaces() throws Exception {
        String head = "public class Item implements java.io.Serializable { private static final long serialVersionUID"
                + " = 1L; ";
        for (String[] types : new String[][] {{"int", "long"}, {"int", "Integer"}, {"Integer", "int"}}) {
            String names = types[0] + types[1];
            ClassLoader sender = version("v1" + names, maker("new Item()"), head + types[0] + " x = 5; }");
            ClassLoader receiver = version("v2" + names, head + types[1] + " x; }");
            assertRefused(make(sender), receiver)
                    .hasMessageContaining("the field Item.x has another type at the two ends")
                    .hasMessageContaining(place("v1" + names))
                    .hasMessageContaining(place("v2" + names))
                    .hasMessageContaining(SAME);
        }
    }

    @Test
    void superclassesMayComeAndGo() throws Exception {
        String id = " { private static final long serialVersionUID = 1L; ";
        String one = "public class One implements java.io.Serializable" + id + "int one = 1; }";
        String two = "public class Two implements java.io.Serializable" + id + "int two = 2; Object any = this; }";
        String text = "public String toString() { return \"%s\" + own; } int own = 7; Object last = this; }";
        ClassLoader sender = version(
                "v1",
                maker("new Item()"),
                one,
                two,
                "public class Item extends One" + id + String.format(text, "sent "));
        ClassLoader receiver =
                version("v2", one, two, "public class Item extends Two" + id + String.format(text, "\" + two + \" "));
        assertThat(ends.trip(make(sender), receiver)).hasToString("0 7");
    }

    @Test
    void aClassWithRulesOfItsOwnAtOneEndIsRefusedAtTheOtherOrRead() throws Exception {
        String head = "public class Item implements java.io.Serializable { private static final long serialVersionUID"
                + " = 1L; int x = 5; public String toString() { return \"\" + x; } ";
        String reads = head + "private void readObject(java.io.ObjectInputStream in) throws Exception {"
                + " in.defaultReadObject(); x++; } }";
        ClassLoader plain = version("v1", maker("new Item()"), head + "}");
        ClassLoader own = version("v2", maker("new Item()"), reads);
        assertThat(ends.trip(make(own), plain)).hasToString("5"); // JBoss writes it, and reads what is left of it
        assertRefused(make(plain), own)
                .hasMessageContaining("class Item travels by its fields from the sender's, and does not here")
                .hasMessageContaining(place("v1"))
                .hasMessageContaining(place("v2"))
                .hasMessageContaining(SAME);
    }

    @Test
    void manyVersionsOfOneClassAreToldApart() throws Exception {
        String head = "public class Item implements java.io.Serializable { private static final long serialVersionUID"
                + " = 1L; public String toString() { return \"\" + a0 + a1; } int a0; int a1; ";
        ClassLoader receiver = version("here", head + "}");
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2 * IncomingDefinition.MAX_LOADERS; i++) {
                String more = "{ a" + i % 2 + " = 1; } int more" + i + "; Object other" + i + " = \"x\"; }";
                ClassLoader sender = version("v" + i, maker("new Item()"), head + more);
                assertThat(ends.trip(make(sender), receiver)).hasToString(i % 2 == 0 ? "10" : "01");
            }
        }
    }

    @Test
    void aClassThatIsNotSerializableHereNamesBothPlaces() throws Exception {
        ClassLoader sender = version("v1", maker("new Item()"), classWithId(1));
        ClassLoader receiver = version("v2", "public class Item { int x; }");
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item is Serializable at the sender's, from " + place("v1"))
                .hasMessageContaining("not here, from " + place("v2"))
                .hasMessageContaining(SAME);
    }

    @Test
    void aRecordWithOtherComponentsNamesThemAndBothPlaces() throws Exception {
        ClassLoader sender = version(
                "v1",
                maker("new Pair(1, \"a\")"),
                "public record Pair(int a, String b) implements java.io.Serializable {}");
        ClassLoader receiver = version("v2", "public record Pair(int a, long c) implements java.io.Serializable {}");
        for (Object value : bothWays(make(sender))) {
            assertRefused(value, receiver)
                    .hasMessageContaining("the record Pair has other components at the two ends: (int a,"
                            + " java.lang.String b) at the sender's, from " + place("v1"))
                    .hasMessageContaining("(int a, long c) here, from " + place("v2"))
                    .hasMessageContaining(SAME);
        }
    }

    @Test
    void aRecordThatIsNoneHereNamesBothPlaces() throws Exception {
        ClassLoader sender =
                version("v1", maker("new Item(1)"), "public record Item(int a) implements java.io.Serializable {}");
        ClassLoader receiver = version("v2", classWithId(1));
        for (Object value : bothWays(make(sender))) {
            assertRefused(value, receiver)
                    .hasMessageContaining("class Item is a record at the sender's")
                    .hasMessageContaining(place("v1"))
                    .hasMessageContaining(place("v2"));
        }
        assertRefused(make(version("v3", maker("new Item()"), classWithId(1))), sender)
                .hasMessageContaining("Item")
                .hasMessageContaining(place("v3"))
                .hasMessageContaining(place("v1"));
    }

    @Test
    void anEnumWithoutTheConstantNamesItAndBothPlaces() throws Exception {
        ClassLoader sender = version("v1", maker("Color.RED"), "public enum Color { RED, BLUE }");
        ClassLoader receiver = version("v2", "public enum Color { BLUE, GREEN }");
        for (Object value : bothWays(make(sender))) {
            assertRefused(value, receiver)
                    .hasMessageContaining("the enum Color has no constant RED here")
                    .hasMessageContaining(place("v1"))
                    .hasMessageContaining(place("v2"))
                    .hasMessageContaining(SAME);
        }
        assertRefused(make(sender), version("v3", "public class Color {}"))
                .hasMessageContaining("class Color is an enum at the sender's, with constant RED, and none here")
                .hasMessageContaining(place("v3"));
    }

    @Test
    void aMapOfAFewOfManyConstantsTravels() throws Exception {
        String constants = IntStream.range(0, 2000).mapToObj(i -> "M" + i).collect(Collectors.joining(", "));
        ClassLoader loader = version(
                "v1",
                maker("new java.util.EnumMap<>(java.util.Map.of(Many.M7, 1))"),
                "public enum Many { " + constants + " }");
        assertThat(ends.trip(make(loader), loader)).hasToString("{M7=1}");
    }

    @Test
    void constantsOfEnumsMayBeInAnotherOrder() throws Exception {
        ClassLoader sender = version("v1", maker("Color.RED"), "public enum Color { RED, BLUE }");
        ClassLoader receiver = version("v2", "public enum Color { GREEN, BLUE, RED { int x; } }");
        for (Object value : bothWays(make(sender))) {
            Object copy = ends.trip(value, receiver);
            assertThat(copy instanceof Object[] array ? array[0] : copy).hasToString("RED");
        }
    }

    @Test
    void aMissingClassNamesTheSendersPlaceAndTheCure() throws Exception {
        ClassLoader receiver = version("v2", "public class Other {}");
        String[] definitions = {
            classWithId(1),
            "public record Item() implements java.io.Serializable {}",
            "public enum Item { ONE }",
            "public class Item {}"
        };
        String[] makers = {"new Item()", "new Item()", "Item.ONE", "Item.class"};
        for (int i = 0; i < definitions.length; i++) {
            ClassLoader sender = version("v1-" + i, maker(makers[i]), definitions[i]);
            for (Object value : bothWays(make(sender))) {
                assertRefused(value, receiver)
                        .hasMessageContaining("class Item, which the sender has from " + place("v1-" + i))
                        .hasMessageContaining("is missing in this process ("
                                + ProcessHandle.current().pid())
                        .hasMessageContaining("class path or the module path");
            }
        }
    }

    @Test
    void aLambdaOfAnotherVersionNamesItsClassAndBothPlaces() throws Exception {
        String lambda = "(java.util.concurrent.Callable<Object> & java.io.Serializable) () -> ";
        ClassLoader sender = version("v1", maker(lambda + "1"));
        ClassLoader receiver = version("v2", maker(lambda + "2"));
        for (Object value : bothWays(make(sender))) {
            assertRefused(value, receiver)
                    .hasMessageContaining("class Maker, which has the lambda, differs between the two ends")
                    .hasMessageContaining(place("v1"))
                    .hasMessageContaining(place("v2"))
                    .hasMessageContaining(SAME);
        }
    }

    /** Makes the class files of a version too new for every Java. */
    private ClassLoader tooNew(String version, String type) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(version))) {
            for (Path file : files.filter(f -> f.endsWith(type + ".class")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[7] = 99; // the major version
                Files.write(file, bytes);
            }
        }
        URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.resolve(version).toUri().toURL()}, TwoVersionsTest.class.getClassLoader());
        loaders.add(loader);
        return loader;
    }

    @Test
    void aClassForALaterJavaNamesBothJavasAndTheCure() throws Exception {
        String sub = "public class Sub extends Item { private static final long serialVersionUID = 1L; }";
        ClassLoader sender = version("v1", maker("new Item()"), classWithId(1), sub);
        version("v2", classWithId(1), sub);
        ClassLoader receiver = tooNew("v2", "Item");
        int own = Runtime.version().feature();
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item, which the sender has from " + place("v1"))
                .hasMessageContaining("is compiled for Java 55 and cannot be loaded")
                .hasMessageContaining("which runs Java " + own)
                .hasMessageContaining("--release " + own)
                .hasMessageContaining("javaHome");
        Object below = sender.loadClass("Sub").getConstructor().newInstance();
        for (Object value : bothWays(below)) {
            assertRefused(value, receiver).hasMessageContaining("class Item, which is compiled for Java 55");
        }
    }

    @Test
    void aClassThatNeedsAMissingOneNamesBoth() throws Exception {
        String sub = "public class Sub extends Item { private static final long serialVersionUID = 1L; }";
        ClassLoader sender = version("v1", maker("new Sub()"), classWithId(1), sub);
        version("v2", classWithId(1), sub);
        Files.delete(folder.resolve("v2").resolve("Item.class"));
        ClassLoader receiver = tooNew("v2", "nothing");
        assertRefused(make(sender), receiver)
                .hasMessageContaining("class Item")
                .hasMessageContaining("is missing in this process");
    }
}
