// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.Externalizable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Explanation;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/** What a function takes along is told, with its length, and everything that keeps it here. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
class ExplainTest {
    private static final String SAMPLES = Samples.class.getName();
    private static final String HERE = ExplainTest.class.getName();

    private final ExplainingCodecProvider provider;
    private final Ends ends;

    ExplainTest(ExplainingCodecProvider provider) {
        this.provider = provider;
        this.ends = new Ends(provider);
    }

    private Explanation explain(Serializable function) {
        return provider.explain(function, new Ends.Handles());
    }

    private CodecException refused(Object value) {
        return catchThrowableOfType(
                CodecException.class, () -> ends.sender.encode(value, new FrameOutput(64, 1 << 20)));
    }

    private static List<String> texts(Explanation explanation) {
        return explanation.obstacles().stream().map(Explanation.Obstacle::text).toList();
    }

    @Test
    void bytesAreThoseOfTheValueAlone() {
        List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
        byte[] bytes = new byte[1000];
        BitSet rest = new BitSet();
        TreeMap<String, Integer> map = new TreeMap<>();
        Call<Object, RuntimeException> call = () -> List.of(list, bytes, rest, map);
        Explanation explanation = explain(call);
        assertThat(explanation.captures())
                .extracting(Explanation.Capture::name)
                .containsExactly("list", "bytes", "rest", "map");
        Object[] values = {list, bytes, rest, map};
        for (int i = 0; i < values.length; i++) {
            assertThat(explanation.captures().get(i).bytes()).isEqualTo(ends.encode(values[i]).length);
        }
        assertThat(explanation.captures().get(1).bytes()).isBetween(1000L, 1010L);
        assertThat(explanation.bytes()).isEqualTo(ends.encode(call).length);
    }

    @Test
    void whatAConnectionSendsOnceIsCountedApart() {
        Samples.Box<String> box = new Samples.Box<>("text");
        Call<String, RuntimeException> call = () -> box.content();
        FrameOutput out = new FrameOutput(64, 1 << 20);
        long once = ends.sender.encode(call, out).stream()
                .mapToLong(definition -> definition.bytes().remaining())
                .sum();
        assertThat(explain(call).onceBytes()).isEqualTo(once).isGreaterThan(100);
        assertThat(explain(call).bytes()).isEqualTo(out.size()).isLessThan(20);
    }

    @Test
    void nullIsCaptured() {
        String none = null;
        Call<String, RuntimeException> call = () -> none;
        assertThat(explain(call).captures())
                .containsExactly(new Explanation.Capture("none", "java.lang.String", "null", 1));
    }

    static final class Refusing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new NotSerializableException("by choice");
        }
    }

    static final class Failing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            throw new IllegalStateException("bad day");
        }
    }

    @Test
    void whatFailsByItselfIsNamedBesideWhatCannotTravel() {
        Failing failing = new Failing();
        Refusing refusing = new Refusing();
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<Object, RuntimeException> call = () -> List.of(failing, refusing, thing);
        List<String> texts = texts(explain(call));
        assertThat(texts).hasSize(3);
        assertThat(texts.get(0))
                .startsWith("captured #3 \"thing\" (" + SAMPLES + "$NotForTravel) is not serializable;");
        assertThat(texts.get(1))
                .startsWith("captured #1 \"failing\" (" + HERE
                        + "$Failing) cannot be written: its own code failed: java.lang.IllegalStateException: bad day");
        assertThat(texts.get(2))
                .startsWith("captured #2 \"refusing\" (" + HERE + "$Refusing) has an object in it that refuses to be"
                        + " serialized: java.io.NotSerializableException: by choice");
        assertThat(refused(call))
                .hasMessageContainingAll(texts.toArray(new String[0]))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    /** Replaces nothing. */
    private static final class Nothing implements Substitution {
        @Override
        public byte @Nullable [] replace(Object object) {
            return null;
        }

        @Override
        public Object resolve(byte[] bytes) {
            throw new CodecException("none");
        }
    }

    @Test
    void severalThingsInOneGraphAreNamed() {
        Samples.NotForTravel one = new Samples.NotForTravel();
        Object[] many = {one, new BitSet(), List.of(one, new Samples.Order()), IntBuffer.allocate(1)};
        Call<Integer, RuntimeException> call = () -> many.length;
        List<String> texts = texts(provider.explain(call, new Nothing()));
        assertThat(texts).hasSize(3);
        assertThat(texts.get(0)).startsWith("captured #1 \"many\" (java.lang.Object[])[0] is an " + SAMPLES);
        assertThat(texts.get(1)).contains("[2][1].customer.connection is an " + SAMPLES + "$Connection, which");
        assertThat(texts.get(2)).contains("[3] is a java.nio.HeapIntBuffer, which is not serializable; of buffers,");
        Ends plain = new Ends(provider, new Nothing());
        assertThat(catchThrowable(() -> plain.encode(many)))
                .hasMessageStartingWith("a java.lang.Object[] cannot travel:\n- its element [0] is an ")
                .hasMessageContaining("\n- its element [2][1].customer.connection is an ")
                .hasMessageContaining("\n- its element [3] is a java.nio.HeapIntBuffer");
    }

    @Test
    void notMoreThanAFewObstaclesAreNamed() {
        List<Object> things = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            things.add(new Samples.NotForTravel());
        }
        Call<Integer, RuntimeException> call = () -> things.size();
        assertThat(explain(call).obstacles()).hasSize(Explanation.MAX_OBSTACLES);
    }

    @Test
    void whatIsCapturedTwiceIsNamedOnce() {
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Object[] array = {thing};
        Call<Integer, RuntimeException> call = () -> array.length + thing.x;
        assertThat(texts(explain(call))).singleElement().asString().startsWith("captured #2 \"thing\"");
    }

    @Test
    void whatIsHiddenInAClosedPackageIsNamedWithoutTheWay() {
        AtomicReference<Object> reference = new AtomicReference<>(new Samples.NotForTravel());
        Call<Object, RuntimeException> call = () -> reference.get();
        assertThat(texts(explain(call)))
                .singleElement()
                .asString()
                .startsWith("it leads to an " + SAMPLES + "$NotForTravel, which is not serializable (the way to it is");
    }

    enum Answers implements Call<Integer, RuntimeException> {
        FIRST;

        @Override
        public Integer call() {
            return 42;
        }
    }

    static final class Own implements Call<Integer, RuntimeException>, Externalizable {
        int field = 3;

        public Own() {}

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(field);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            field = in.readInt();
        }

        @Override
        public Integer call() {
            return field;
        }
    }

    static final class Replaced implements Call<Integer, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // what the test is about
        final Samples.NotForTravel thing = new Samples.NotForTravel();

        private Object writeReplace() {
            return Answers.FIRST;
        }

        @Override
        public Integer call() {
            return thing.x;
        }
    }

    static class Middle implements Call<Integer, RuntimeException> {
        private static final long serialVersionUID = 1L;

        final String name = "middle";
        final transient Samples.NotForTravel left = new Samples.NotForTravel();

        @Override
        public Integer call() {
            return name.length() + left.x;
        }
    }

    static final class Below extends Middle {
        private static final long serialVersionUID = 1L;

        final int own = 3;
    }

    @Test
    void classesThatSayHowTheyAreWrittenCaptureNothingThatIsKnown() {
        for (Serializable function : List.of(Answers.FIRST, new Own(), new Replaced())) {
            Explanation explanation = explain(function);
            assertThat(explanation.captures()).isEmpty();
            assertThat(explanation.travels()).isTrue();
            assertThat(explanation.bytes()).isEqualTo(ends.encode(function).length);
        }
    }

    @Test
    void fieldsThatTravelAreThoseOfAllSuperclasses() {
        Explanation explanation = explain(new Below());
        assertThat(explanation.captures()).extracting(Explanation.Capture::name).containsExactly("name", "own");
        assertThat(explanation.travels()).isTrue();
    }

    @Test
    void aLambdaOfAnotherTypeIsAFunctionToo() {
        int n = 3;
        Runnable function = (Runnable & Serializable) () -> System.out.println(n);
        assertThat(explain((Serializable) function).captures())
                .containsExactly(new Explanation.Capture("n", "int", "java.lang.Integer", 2));
    }

    @Test
    void aLambdaInACircleWithItselfTravels() {
        Object[] box = new Object[1];
        Call<Integer, RuntimeException> call = () -> box.length;
        box[0] = call;
        assertThat(explain(call).travels()).isTrue();
    }

    /** Counts what it replaced and was not told to forget. */
    private static final class Counting implements Substitution {
        int open;

        @Override
        public byte[] replace(Object object) {
            open++;
            return new byte[10];
        }

        @Override
        public void forget(byte[] bytes) {
            open--;
        }

        @Override
        public Object resolve(byte[] bytes) {
            throw new CodecException("none");
        }
    }

    @Test
    void whatWasReplacedIsForgotten() {
        Samples.Stub<String> proxy = new Samples.Stub<>();
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<Object, RuntimeException> travels = () -> proxy;
        Call<Object, RuntimeException> stays = () -> List.of(proxy, thing);
        Counting counting = new Counting();
        assertThat(provider.explain(travels, counting).captures().get(0).bytes())
                .isEqualTo(12);
        assertThat(provider.explain(stays, counting).obstacles()).hasSize(1);
        Ends counted = new Ends(provider, counting);
        assertThat(catchThrowable(() -> counted.encode(stays))).isInstanceOf(CodecException.class);
        assertThat(counting.open).isZero();
    }

    @Test
    void theTextHasEverything() {
        int n = 3;
        String text = "text";
        Call<String, RuntimeException> travels = () -> text + n;
        assertThat(explain(travels).toString())
                .matches("the lambda at " + HERE + "\\.theTextHasEverything \\(ExplainTest\\.java:\\d+\\) captures 2;"
                        + " it travels in 10 bytes, and \\d+ bytes once per connection\n"
                        + "  text: java\\.lang\\.String, 6 bytes\n"
                        + "  n: int, 2 bytes");
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Object[] array = {thing};
        Call<Integer, RuntimeException> stays = () -> n + array.length;
        String explained = explain(stays).toString();
        assertThat(explained.lines().skip(1))
                .containsExactly(
                        "  n: int, 2 bytes",
                        "  array: java.lang.Object[], cannot travel",
                        "- captured #2 \"array\" (java.lang.Object[])[0] is an " + SAMPLES
                                + "$NotForTravel, which is not serializable; make " + SAMPLES
                                + "$NotForTravel Serializable, capture a copy of the value that is needed, or keep it"
                                + " there with wrap()");
        assertThat(explained).contains("captures 2; it cannot travel\n");
    }

    static class Outer {
        int bar = 5;

        class Inner {
            int own = 1;

            Call<Integer, RuntimeException> usesBoth() {
                return () -> own + bar;
            }

            Call<Integer, RuntimeException> usesOuter() {
                return () -> bar;
            }
        }

        static int plus(Outer outer, int n) {
            return outer.bar + n;
        }

        Call<Object, RuntimeException> makesInner() {
            return () -> new Inner();
        }

        Call<Object, RuntimeException> makesAnonymous() {
            return () -> new Object() {
                @Override
                public String toString() {
                    return "bar " + bar;
                }
            };
        }

        Call<Integer, RuntimeException> passesItOn() {
            return () -> plus(this, 1);
        }

        Call<String, RuntimeException> callsSuper() {
            return () -> super.toString();
        }

        Call<Integer, RuntimeException> usesALocalName() {
            return () -> {
                Outer me = this;
                return me.bar;
            };
        }

        Call<Integer, RuntimeException> inALoop() {
            return () -> {
                int sum = 0;
                for (int i = 0; i < 3; i++) {
                    for (String part : List.of("a", "b")) {
                        sum += part.length() * bar;
                    }
                }
                return sum;
            };
        }
    }

    private String use(Serializable function) {
        String text = texts(explain(function)).get(0);
        return text.substring(text.indexOf("because ") + 8, text.indexOf(", and org"));
    }

    @Test
    void whatThisIsNeededForIsTold() {
        Outer outer = new Outer();
        assertThat(use(outer.makesInner()))
                .isEqualTo("the lambda makes objects of its inner class ExplainTest.Outer.Inner");
        assertThat(use(outer.makesAnonymous()))
                .isEqualTo("the lambda makes objects of its inner class ExplainTest.Outer$1");
        assertThat(use(outer.passesItOn())).isEqualTo("the lambda passes it on");
        assertThat(use(outer.callsSuper())).isEqualTo("the lambda calls method toString");
        assertThat(use(outer.usesALocalName())).isEqualTo("the lambda uses field bar");
        assertThat(use(outer.inALoop())).isEqualTo("the lambda uses field bar");
        Outer.Inner inner = outer.new Inner();
        assertThat(use(inner.usesBoth()))
                .isEqualTo("the lambda uses fields own and bar of the ExplainTest.Outer around it");
        assertThat(use(inner.usesOuter())).isEqualTo("the lambda uses field bar of the ExplainTest.Outer around it");
    }

    @Test
    void accessorsOfOldCompilersAreLookedThrough(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("Old.java");
        Files.writeString(source, """
                public class Old {
                    private int bar;
                    public interface Job extends java.io.Serializable { int run(); }
                    public Job job() {
                        return new Job() {
                            public int run() { return bar; }
                        };
                    }
                }
                """);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "8", "-Xlint:-options", "-d", folder.toString(), source.toString());
        assertThat(result).isZero();
        assertThat(ClassContent.of(Files.readAllBytes(folder.resolve("Old.class")))
                        .methods())
                .anyMatch(method -> method.name.startsWith("access$"));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> old = loader.loadClass("Old");
            Object job = old.getMethod("job").invoke(old.getConstructor().newInstance());
            assertThat(texts(explain((Serializable) job)))
                    .singleElement()
                    .asString()
                    .startsWith("this of Old is captured because the anonymous class Old$1 uses field bar, and Old");
        }
    }
}
