// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/** The rules of the session: what is sent once, when it counts as sent, and what each class loader sees of it. */
@ParameterizedClass
@MethodSource("org.processional.codec.jboss.RoundTripTest#providers")
@Timeout(60)
class SessionTest {
    private static final ClassLoader OWN = SessionTest.class.getClassLoader();

    private final CodecProvider provider;
    private final Ends ends;
    private final FrameOutput out = new FrameOutput(64, 1 << 20);

    SessionTest(CodecProvider provider) {
        this.provider = provider;
        this.ends = new Ends(provider);
    }

    private static Call<Integer, RuntimeException> call(int n) {
        return () -> n;
    }

    @Test
    void aDefinitionComesUntilItWasSentAndNeverAfter() {
        List<Definition> first = ends.sender.encode(call(1), out);
        List<Definition> second = ends.sender.encode(call(2), out);
        assertThat(first).hasSize(1);
        assertThat(second).isEqualTo(first);
        first.get(0).sent();
        assertThat(ends.sender.encode(call(3), out)).isEmpty();
    }

    @Test
    void aDefinitionComesOnceForEachBody() {
        Object value =
                List.of(call(1), Samples.Plain.ONE, call(2), Samples.Plain.ONE, new Samples.Point(1, 2), new BitSet());
        assertThat(ends.sender.encode(value, out)).hasSizeBetween(2, 3);
    }

    @Test
    void theSameDefinitionTwiceIsHarmless() {
        Definition definition = ends.sender.encode(call(5), out).get(0);
        ends.receiver.define(definition.bytes());
        ends.receiver.define(definition.bytes());
        assertThat(ends.receiver.decode(out.frame(), OWN)).isInstanceOf(Call.class);
    }

    @Test
    void theBytesOfADefinitionAreReadOnlyAndFreshForEachCall() {
        Definition definition = ends.sender.encode(call(5), out).get(0);
        ByteBuffer bytes = definition.bytes();
        assertThat(bytes.isReadOnly()).isTrue();
        bytes.position(bytes.limit());
        assertThat(definition.bytes().remaining()).isPositive();
    }

    @Test
    void aBodyWhoseDefinitionWasNotSentIsRefused() {
        ends.sender.encode(call(5), out);
        assertThatThrownBy(() -> ends.receiver.decode(out.frame(), OWN))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("never sent");
    }

    @Test
    void aFailureInTheMiddleLeavesEverythingUsable() {
        Object[] broken = {call(1), Samples.Plain.ONE, new Samples.NotForTravel()};
        assertThatThrownBy(() -> ends.sender.encode(broken, out)).isInstanceOf(CodecException.class);
        Object[] brokenRest = {call(1), new BitSet(), new Samples.Node("x"), new Samples.NotForTravel()};
        assertThatThrownBy(() -> ends.sender.encode(brokenRest, out)).isInstanceOf(CodecException.class);
        Object[] whole = ends.trip(new Object[] {call(1), Samples.Plain.ONE, new BitSet()});
        assertThat(whole[1]).isSameAs(Samples.Plain.ONE);
        assertThat(ends.trip(call(7)).call()).isEqualTo(7);
    }

    @Test
    void aFrameThatIsFullIsRefusedAndTheNextOneFits() {
        FrameOutput small = new FrameOutput(16, 64);
        for (Object large : new Object[] {new byte[100], new Object[] {new BitSet(10_000), "x".repeat(1000)}}) {
            small.clear();
            assertThatThrownBy(() -> ends.sender.encode(large, small))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("64 is the limit of a frame");
        }
        small.clear();
        ends.sender.encode("fits", small);
        assertThat(ends.receiver.decode(small.frame(), OWN)).isEqualTo("fits");
    }

    @Test
    void theBodyBeginsWhereTheFrameIs() {
        for (Object value : new Object[] {"abc", new BitSet(), cycleWithRest()}) {
            out.clear();
            out.putLong(0x1122334455667788L);
            for (Definition definition : ends.sender.encode(value, out)) {
                ends.receiver.define(definition.bytes());
            }
            ByteBuffer frame = out.frame();
            assertThat(frame.getLong()).isEqualTo(0x1122334455667788L);
            assertThat(ends.receiver.decode(frame, OWN)).isNotNull();
            assertThat(frame.hasRemaining()).isFalse();
        }
    }

    private static Object cycleWithRest() {
        Object[] self = {null, new BitSet()};
        Call<Object, RuntimeException> call = () -> self[0];
        self[0] = call;
        return call;
    }

    @Test
    void bodiesAreReadFromDirectAndLittleEndianBuffersToo() {
        Object value = List.of("text", 70_000, new Samples.Point(1, 2), 5L);
        byte[] body = ends.encode(value);
        ByteBuffer direct = ByteBuffer.allocateDirect(body.length).order(ByteOrder.LITTLE_ENDIAN);
        direct.put(body).flip();
        assertThat(ends.receiver.decode(direct, OWN)).isEqualTo(value);
        assertThat(direct.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        byte[] rest = ends.encode(new Object[] {value, new BitSet()});
        ByteBuffer directRest = ByteBuffer.allocateDirect(rest.length).put(rest).flip();
        assertThat((Object[]) ends.receiver.decode(directRest, OWN)).containsExactly(value, new BitSet());
    }

    @Test
    void toDefineLoadsNoClass() {
        Definition definition = ends.sender.encode(call(5), out).get(0);
        Codec other = provider.open(ends.substitution, InputFilter.none());
        other.define(definition.bytes());
        AtomicInteger asked = new AtomicInteger();
        ClassLoader counting = new ClassLoader(OWN) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.incrementAndGet();
                return super.loadClass(name, resolve);
            }
        };
        assertThat(asked).hasValue(0);
        assertThat(other.decode(out.frame(), counting)).isInstanceOf(Call.class);
        int once = asked.get();
        assertThat(once).isPositive();
        assertThat(other.decode(out.frame(), counting)).isInstanceOf(Call.class);
        assertThat(asked).as("asked again").hasValue(once);
    }

    @Test
    void manyThreadsEncodeAndDecodeWhileDefinitionsCome() throws Exception {
        int threads = 4;
        int rounds = Rounds.of(2000);
        CyclicBarrier start = new CyclicBarrier(threads);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int me = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    for (int i = 0; i < rounds; i++) {
                        exchange(me, i);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private void exchange(int me, int i) {
        FrameOutput frame = new FrameOutput(64, 1 << 20);
        int n = 1000 * me + i;
        Object extra = i % 3 == 0 ? new BitSet() : Samples.Bodied.values()[i % 2];
        Call<Object[], RuntimeException> call = () -> new Object[] {n, extra};
        Object value = i % 2 == 0 ? call : new Samples.Box<>(call);
        for (Definition definition : ends.sender.encode(value, frame)) {
            ends.receiver.define(definition.bytes());
            if (i % 7 == 0) {
                definition.sent();
            }
        }
        Object copy = ends.receiver.decode(frame.frame(), OWN);
        Object[] result = (Object[]) result(copy instanceof Samples.Box<?> box ? box.content() : copy);
        assertThat(result).containsExactly(n, extra);
    }

    private static @Nullable Object result(@Nullable Object call) {
        try {
            return ((Call<?, ?>) call).call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What is loaded anew by each {@link OtherLoader}. */
    public static final class Isolated {
        /** A lambda of this class. */
        public static Serializable lambda(String text) {
            return (Call<String, RuntimeException> & Serializable)
                    () -> text + Isolated.class.getClassLoader().hashCode();
        }

        /** A record, an enum constant and a class. */
        public static Object[] others() {
            return new Object[] {new Held(1), Letter.B, Held[].class, (Call<Integer, RuntimeException>) () -> 1};
        }

        record Held(int x) implements Serializable {}

        enum Letter {
            A,
            B
        }
    }

    /** Loads the classes of {@link Isolated} itself, changed on request. */
    private static final class OtherLoader extends ClassLoader {
        private final byte @Nullable [] appended;

        OtherLoader(byte @Nullable [] appended) {
            super(OWN);
            this.appended = appended;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Isolated.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                try (InputStream in = OWN.getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            InputStream in = super.getResourceAsStream(name);
            return appended == null || in == null
                    ? in
                    : new java.io.SequenceInputStream(in, new java.io.ByteArrayInputStream(appended));
        }
    }

    @Test
    void eachLoaderGetsClassesOfItsOwn() {
        List<ClassLoader> loaders = List.of(new OtherLoader(null), new OtherLoader(null), OWN);
        byte[] lambda = ends.encode(Isolated.lambda("of "));
        byte[] others = ends.encode(Isolated.others());
        for (int round = 0; round < 3; round++) {
            for (ClassLoader loader : loaders) {
                assertThat(result(ends.decode(lambda, loader))).isEqualTo("of " + loader.hashCode());
                Object[] copies = (Object[]) ends.decode(others, loader);
                assertThat(copies[0].getClass().getClassLoader()).isSameAs(loader);
                assertThat(((Enum<?>) copies[1]).getDeclaringClass().getClassLoader())
                        .isSameAs(loader);
                assertThat(((Class<?>) copies[2]).getComponentType().getClassLoader())
                        .isSameAs(loader);
                assertThat(copies[3].getClass().getClassLoader()).isSameAs(loader);
            }
        }
    }

    @Test
    void restGraphsResolveWithTheGivenLoaderToo() {
        OtherLoader loader = new OtherLoader(null);
        Object[] with = {new BitSet(), Isolated.others()[0], Isolated.lambda("x"), Isolated.Letter.B};
        Object[] copies = (Object[]) ends.trip(with, loader);
        assertThat(copies[1].getClass().getClassLoader()).isSameAs(loader);
        assertThat(copies[2].getClass().getClassLoader()).isSameAs(loader);
        assertThat(copies[3].getClass().getClassLoader()).isSameAs(loader);
    }

    @Test
    void aLambdaOfAnotherVersionOfItsClassIsRefusedWithBothPlaces() {
        OtherLoader changed = new OtherLoader(new byte[] {0});
        byte[] body = ends.encode(Isolated.lambda("x"));
        assertThatThrownBy(() -> ends.decode(body, changed))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(Isolated.class.getName())
                .hasMessageContaining("differs between the two ends")
                .hasMessageContaining(ClassFile.location(Isolated.class))
                .hasMessageContaining("run the same version");
        assertThat(ends.decode(body, OWN)).isInstanceOf(Call.class);
        assertThat(ends.decode(body, new OtherLoader(null))).isInstanceOf(Call.class);
    }

    @Test
    void aClassThatIsMissingIsNamedWithTheCure() {
        ClassLoader without = new ClassLoader(null) {};
        Ends other = new Ends(provider);
        for (Object value :
                List.of(Isolated.lambda("x"), new Samples.Point(1, 2), Samples.Plain.ONE, new Samples.Node("x"))) {
            FrameOutput frame = new FrameOutput(64, 1 << 20);
            for (Definition definition : other.sender.encode(value, frame)) {
                byte[] renamed = new byte[definition.bytes().remaining()];
                definition.bytes().get(renamed);
                other.receiver.define(ByteBuffer.wrap(rename(renamed)));
                definition.sent();
            }
            assertThatThrownBy(() -> other.receiver.decode(frame.frame(), without))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.processionxx.")
                    .hasMessageContaining("is missing in this process")
                    .hasMessageContaining("class path or the module path");
        }
    }

    private static byte[] rename(byte[] bytes) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        String changed = text.replace("processional", "processionxx");
        return changed.equals(text) ? bytes : changed.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void nothingOfABodyIsRetained() throws Exception {
        List<WeakReference<Object>> sent = new ArrayList<>();
        sendAndForget(sent);
        for (WeakReference<Object> reference : sent) {
            assertCollected(reference);
        }
    }

    private void sendAndForget(List<WeakReference<Object>> sent) {
        for (int i = 0; i < 3; i++) {
            Samples.Node node = new Samples.Node("n" + i);
            int[] ints = {i};
            Samples.Stub<String> proxy = new Samples.Stub<>();
            Object value = i == 0 ? new Object[] {ints, List.of(ints)} : new Object[] {node, ints, node.nameCall()};
            Object copy = ends.trip(value);
            ends.sender.encode(proxy, out);
            Object[] unfit = {ints, node, new Samples.NotForTravel()};
            assertThatThrownBy(() -> ends.sender.encode(unfit, out)).isInstanceOf(CodecException.class);
            for (Object each : new Object[] {node, ints, value, copy, unfit[2]}) {
                sent.add(new WeakReference<>(each));
            }
        }
    }

    @Test
    void aConnectionKeepsNoClassLoaderAlive() throws Exception {
        assertCollected(useLoader());
        assertThat(ends.trip("still open")).isEqualTo("still open");
    }

    private WeakReference<Object> useLoader() throws ReflectiveOperationException {
        OtherLoader loader = new OtherLoader(null);
        Class<?> isolated = loader.loadClass(Isolated.class.getName());
        Object lambda = isolated.getMethod("lambda", String.class).invoke(null, "x");
        Object others = isolated.getMethod("others").invoke(null);
        Object[] all = {lambda, others, isolated};
        assertThat(ends.trip(all, loader)).isNotNull();
        assertThat(ends.trip(new Object[] {all, new BitSet()}, loader)).isNotNull();
        return new WeakReference<>(loader);
    }

    private static void assertCollected(WeakReference<?> reference) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (reference.get() != null && System.nanoTime() < end) {
            System.gc();
            new java.util.concurrent.CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        assertThat(reference.get()).isNull();
    }
}
