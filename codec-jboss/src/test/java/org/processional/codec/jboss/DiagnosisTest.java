// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.CodecProvider;
import org.processional.spi.FrameOutput;

/** What cannot travel is refused in words that help. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
class DiagnosisTest {
    private static final String SAMPLES = Samples.class.getName();
    private static final String HERE = DiagnosisTest.class.getName();

    private final Ends ends;
    private int field = 5;

    DiagnosisTest(CodecProvider provider) {
        this.ends = new Ends(provider);
    }

    private String refusal(@Nullable Object value) {
        return String.valueOf(refused(value).getMessage());
    }

    private CodecException refused(@Nullable Object value) {
        return catchThrowableOfType(
                CodecException.class, () -> ends.sender.encode(value, new FrameOutput(64, 1 << 20)));
    }

    @Test
    void aCapturedVariableIsNamedWithPlaceTypeAndCure() {
        int unused = 3;
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<Integer, RuntimeException> call = () -> unused + thing.x;
        assertThat(refusal(call))
                .matches("the lambda at " + HERE + "\\.aCapturedVariableIsNamedWithPlaceTypeAndCure"
                        + " \\(DiagnosisTest\\.java:\\d+\\) cannot travel: .*")
                .endsWith("captured #2 \"thing\" (" + SAMPLES + "$NotForTravel) is not serializable; make " + SAMPLES
                        + "$NotForTravel Serializable, capture a copy of the value that is needed,"
                        + " or keep it there with wrap()");
    }

    /** Serializable, and it has no end. */
    private static final class Endless extends AbstractCollection<Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Samples.NotForTravel first = new Samples.NotForTravel();

        @Override
        public Iterator<Object> iterator() {
            return Stream.generate(Object::new).iterator();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void theWayToWhatCannotTravelIsNotSoughtForEver() {
        assertThat(refusal(new Object[] {new Endless()})).contains("NotForTravel");
    }

    @Test
    void ofVeryManyThatCannotTravelAFewAreNamed() {
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            many.add(new Samples.NotForTravel());
        }
        assertThat(refusal(many)).contains("[0]", "NotForTravel").hasSizeLessThan(20_000);
    }

    @Test
    void theLineIsThatOfTheLambda() {
        Samples.NotForTravel thing = new Samples.NotForTravel();
        int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
        Call<Integer, RuntimeException> call = () -> thing.x;
        assertThat(refusal(call)).contains("(DiagnosisTest.java:" + line + ")");
    }

    @Test
    void wideVariablesBeforeItDoNotShiftTheName() {
        long wide = 1;
        double wider = 2;
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<Double, RuntimeException> call = () -> wide + wider + thing.x;
        assertThat(refusal(call)).contains("captured #3 \"thing\"");
    }

    @Test
    void theWayToAFieldIsShown() {
        Samples.Order order = new Samples.Order();
        Call<Integer, RuntimeException> call = () -> order.lines;
        assertThat(refusal(call))
                .contains("captured #1 \"order\" (" + SAMPLES + "$Order).customer.connection is an " + SAMPLES
                        + "$Connection, which is not serializable; make " + SAMPLES + "$Connection Serializable");
    }

    @Test
    void theWayThroughArraysCollectionsRecordsAndOptionalsIsShown() {
        Object thing = new Samples.NotForTravel();
        Object[] array = {1, List.of(new Samples.Box<>(Optional.of(new Object[] {thing})))};
        Call<Integer, RuntimeException> call = () -> array.length;
        assertThat(refusal(call)).contains("captured #1 \"array\" (java.lang.Object[])[1][0].content.get()[0] is an ");
        assertThat(refusal(array))
                .contains("a java.lang.Object[] cannot travel: its element [1][0].content.get()[0] is");
        Map<String, Object> map = new HashMap<>(Map.of("key", new ArrayList<>(List.of(thing))));
        assertThat(refusal(map)).contains("a java.util.HashMap cannot travel: its get(key)[0] is an " + SAMPLES);
        assertThat(refusal(new TreeMap<>(map))).contains("get(key)[0] is an " + SAMPLES + "$NotForTravel");
        assertThat(refusal(new LinkedHashMap<>(Map.of(thing, 1)))).contains("keySet()[0] is an");
    }

    @Test
    void thisIsExplained() {
        Call<Integer, RuntimeException> call = () -> field;
        assertThat(refusal(call))
                .startsWith("the lambda at " + HERE + ".thisIsExplained (DiagnosisTest.java:")
                .endsWith(" cannot travel: this of " + HERE + " is captured because the lambda uses field field, and "
                        + HERE + " is not Serializable; make a local copy of field, make " + HERE
                        + " Serializable, or keep the object there with wrap()");
    }

    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // what the test is about
        final Samples.Connection connection = new Samples.Connection();

        Call<String, RuntimeException> call() {
            return () -> connection.toString();
        }
    }

    @Test
    void aFieldOfThisIsShownAsOne() {
        assertThat(refusal(new Holder().call()))
                .contains("captured #1 this (" + HERE + "$Holder).connection is an " + SAMPLES + "$Connection");
    }

    @Test
    void aBoundMethodReferenceIsNotThis() {
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<String, RuntimeException> call = thing::toString;
        assertThat(refusal(call))
                .contains("the method reference java.lang.Object::toString in " + HERE)
                .contains("captured #1 \"thing\" (" + SAMPLES + "$NotForTravel) is not serializable");
    }

    @Test
    void theInnermostLambdaIsTheOneToChange() {
        Samples.NotForTravel thing = new Samples.NotForTravel();
        Call<Integer, RuntimeException> inner = () -> thing.x;
        Call<Integer, RuntimeException> outer = () -> inner.call() + 1;
        assertThat(refusal(outer)).contains("captured #1 \"thing\"");
    }

    @Test
    void aLambdaThatIsNotSerializable() {
        Runnable runnable = () -> {};
        assertThat(refusal(runnable))
                .contains("a lambda of " + HERE + " (a java.lang.Runnable) cannot travel: it is not serializable")
                .contains("Call, Action")
                .contains("(Runnable & Serializable)");
        Action<RuntimeException> action = () -> runnable.run();
        assertThat(refusal(action))
                .contains("captured #1 \"runnable\" (a lambda of " + HERE + ") is a lambda of " + HERE
                        + " (a java.lang.Runnable), which is not serializable");
    }

    @Test
    void aRootIsNamed() {
        assertThat(refusal(new Object()))
                .startsWith("a java.lang.Object cannot travel: it is not serializable; capture a copy");
        assertThat(refusal(Thread.currentThread())).startsWith("a java.lang.Thread");
        assertThat(refusal(new Samples.Unserializable(1)))
                .startsWith("an " + SAMPLES + "$Unserializable cannot travel");
    }

    @Test
    void whatIsHiddenInAClosedPackageIsNamedWithoutTheWay() {
        java.util.concurrent.atomic.AtomicReference<Object> closed =
                new java.util.concurrent.atomic.AtomicReference<>(new Samples.NotForTravel());
        assertThat(refusal(closed))
                .startsWith("a java.util.concurrent.atomic.AtomicReference cannot travel: it leads to an " + SAMPLES
                        + "$NotForTravel, which is not serializable (the way to it is not known, because"
                        + " java.util.concurrent.atomic.AtomicReference.value is in a package that is not open)");
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
    void whatFailsByItselfIsTheCause() {
        assertThat(refused(new Refusing()))
                .hasMessageContaining("Refusing cannot travel")
                .hasMessageContaining("by choice")
                .hasCauseInstanceOf(NotSerializableException.class);
        assertThat(refused(new Object[] {new Failing()}))
                .hasMessageContaining("bad day")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(refused(List.of(new BitSet(), new Failing()))).hasCauseInstanceOf(IllegalStateException.class);
    }

    static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(java.io.ObjectInputStream in) {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void whatFailsWhenItIsReadIsTheCause() {
        byte[] body = ends.encode(new Unreadable());
        CodecException e = catchThrowableOfType(
                CodecException.class, () -> ends.decode(body, getClass().getClassLoader()));
        assertThat(e).hasMessageContaining("not today").hasCauseInstanceOf(IllegalStateException.class);
        assertThat(ends.trip("still usable")).isEqualTo("still usable");
    }

    static final class SelfContained extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new AssertionError("nobody needs to print it");
        }
    }

    @Test
    void usersObjectsAreNotPrintedWhenTheFrameIsFullOrAProxyIsRefused() {
        SelfContained list = new SelfContained();
        for (int i = 0; i < 10_000; i++) {
            list.add("element " + i);
        }
        assertThat(catchThrowableOfType(
                        CodecException.class, () -> ends.sender.encode(list, new FrameOutput(64, 1024))))
                .hasMessageContaining("1024 is the limit of a frame");
        SelfContained withProxy = new SelfContained();
        withProxy.add(new Samples.Stub<String>());
        Ends refusing = new Ends(new RiverCodecProvider(), new RefusingHandles());
        assertThat(catchThrowableOfType(
                        CodecException.class, () -> refusing.sender.encode(withProxy, new FrameOutput(64, 1024))))
                .hasMessage("this proxy stays here");
    }

    private static final class RefusingHandles implements org.processional.spi.Substitution {
        @Override
        public byte[] replace(Object proxy) {
            throw new CodecException("this proxy stays here");
        }

        @Override
        public Object resolve(byte[] bytes) {
            throw new CodecException("there is none");
        }
    }

    @Test
    void usersObjectsAreNotPrinted() {
        SelfContained list = new SelfContained();
        list.add(new Samples.NotForTravel());
        assertThat(refusal(list)).contains("$NotForTravel");
        assertThat(refusal(new Object[] {list})).contains("[0][0] is an");
    }
}
