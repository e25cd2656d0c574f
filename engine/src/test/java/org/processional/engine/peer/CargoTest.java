// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

class CargoTest {
    private static final byte[] PROXY = {1, 0, 0, 0, 0, 0, 0, 0, 7};
    private static final byte[] MEMORY = {2, 9, 9};
    private static final byte[] NONE = {0};

    /** Makes copies of references. */
    private static class Counting implements Cargo.Counts {
        final List<byte[]> uncounted = new ArrayList<>();
        final List<byte[]> givenBack = new ArrayList<>();

        @Override
        public void uncount(byte[] reference) {
            uncounted.add(reference);
        }

        @Override
        public Object read(ByteBuffer reference) {
            return ByteBuffer.allocate(reference.remaining()).put(reference).flip();
        }

        @Override
        public void giveBack(ByteBuffer reference) {
            byte[] bytes = new byte[reference.remaining()];
            reference.get(bytes);
            givenBack.add(bytes);
        }
    }

    private Cargo take(ByteBuffer body) {
        return Cargo.take(body, counts);
    }

    private List<byte[]> leftOf(Cargo cargo) {
        counts.givenBack.clear();
        cargo.end();
        return counts.givenBack;
    }

    private final Counting counts = new Counting();

    /** A codec that writes one byte, and does something meanwhile. */
    private static Codec codec(Runnable meanwhile) {
        return new Codec() {
            @Override
            public List<Definition> encode(Object value, FrameOutput out) {
                out.putByte(42);
                meanwhile.run();
                return List.of();
            }

            @Override
            public void define(ByteBuffer definition) {
                throw new AssertionError("there are none");
            }

            @Override
            public Object decode(ByteBuffer body, ClassLoader loader) {
                return body.get();
            }
        };
    }

    private FrameOutput encode(int most, Runnable meanwhile) {
        FrameOutput out = new FrameOutput(16, most);
        Frames.begin(out, Frames.RESULT, 0, 1, 1, 0);
        Cargo.encode(1, codec(meanwhile), counts, out);
        return out;
    }

    private static ByteBuffer body(FrameOutput out) {
        return Frames.body(out.frame(), true);
    }

    @Test
    void whatWasCountedStandsBehindTheBody() {
        FrameOutput out = encode(1024, () -> {
            assertThat(Cargo.add(PROXY, Frames.CARRIES)).isZero();
            assertThat(Cargo.add(MEMORY, Frames.SHARES)).isEqualTo(1);
        });
        assertThat(Frames.flags(out.frame())).isEqualTo(Frames.CARRIES | Frames.SHARES);
        ByteBuffer body = body(out);
        assertThat(leftOf(take(body))).containsExactly(PROXY, MEMORY);
        assertThat(body.remaining()).isEqualTo(1);
        assertThat(body.get()).isEqualTo((byte) 42);
        assertThat(counts.uncounted).isEmpty();
    }

    @Test
    void aBodyThatRefersToNothingStandsAlone() {
        FrameOutput out = encode(1024, () -> {});
        assertThat(Frames.flags(out.frame())).isZero();
        assertThat(body(out).remaining()).isEqualTo(1);
    }

    @Test
    void aBodyThatRefersToWhatIsNotCountedIsFlagged() {
        FrameOutput out = encode(1024, () -> Cargo.flag(Frames.CARRIES));
        assertThat(Frames.flags(out.frame())).isEqualTo(Frames.CARRIES);
        ByteBuffer body = body(out);
        assertThat(leftOf(take(body))).isEmpty();
        assertThat(body.remaining()).isEqualTo(1);
    }

    @Test
    void whatIsRemovedLeavesTheNumbersOfTheOthers() {
        FrameOutput out = encode(1024, () -> {
            Cargo.add(PROXY, Frames.CARRIES);
            assertThat(Cargo.add(MEMORY, Frames.SHARES)).isEqualTo(1);
            assertThat(Cargo.remove(0)).isEqualTo(PROXY);
        });
        Cargo cargo = take(body(out));
        assertThat(cargo.<Object>read(() -> Cargo.resolve(1, counts))).isEqualTo(ByteBuffer.wrap(MEMORY));
        assertThat(leftOf(cargo)).containsExactly(NONE);
    }

    @Test
    void aBodyWithinABodyHasNumbersOfItsOwn() {
        List<FrameOutput> inner = new ArrayList<>();
        FrameOutput outer = encode(1024, () -> {
            Cargo.add(PROXY, Frames.CARRIES);
            inner.add(encode(
                    1024, () -> assertThat(Cargo.add(MEMORY, Frames.SHARES)).isZero()));
            assertThat(Cargo.add(PROXY, Frames.CARRIES)).isEqualTo(1);
        });
        assertThat(Frames.flags(outer.frame())).isEqualTo(Frames.CARRIES);
        assertThat(leftOf(take(body(outer)))).containsExactly(PROXY, PROXY);
        assertThat(Frames.flags(inner.get(0).frame())).isEqualTo(Frames.SHARES);
        assertThat(leftOf(take(body(inner.get(0))))).containsExactly(MEMORY);
    }

    @Test
    void whatHasNoRoomBehindTheBodyIsNotCounted() {
        Runnable meanwhile = () -> {
            Cargo.add(PROXY, Frames.CARRIES);
            Cargo.add(MEMORY, Frames.SHARES);
        };
        assertThatThrownBy(() -> encode(Frames.HEADER_BYTES + 8, meanwhile)) // the proxy alone takes more
                .isInstanceOf(RuntimeException.class);
        assertThat(counts.uncounted).containsExactly(PROXY, MEMORY);
        assertThat(encode(1024, () -> {}).size()).as("nothing stays").isEqualTo(Frames.HEADER_BYTES + 1);
    }

    @Test
    void whatIsReadIsReadOnceAndTheRestIsTold() {
        Cargo cargo = take(body(encode(1024, () -> {
            Cargo.add(PROXY, Frames.CARRIES);
            Cargo.add(MEMORY, Frames.SHARES);
            Cargo.add(PROXY, Frames.CARRIES);
        })));
        Object twice = cargo.read(() -> {
            Object once = Cargo.resolve(1, counts);
            assertThat(Cargo.resolve(1, counts)).isSameAs(once);
            return once;
        });
        assertThat(twice).isEqualTo(ByteBuffer.wrap(MEMORY));
        assertThat(leftOf(cargo)).containsExactly(PROXY, PROXY);
    }

    @Test
    void whatCannotBeReadIsNotReadAgain() {
        Counting failing = new Counting() {
            @Override
            public Object read(ByteBuffer reference) {
                throw new IllegalStateException("gone");
            }
        };
        Cargo cargo = Cargo.take(body(encode(1024, () -> Cargo.add(MEMORY, Frames.SHARES))), failing);
        cargo.read(() -> {
            assertThatThrownBy(() -> Cargo.resolve(0, failing)).hasMessage("gone");
            assertThatThrownBy(() -> Cargo.resolve(0, failing)).isInstanceOf(CodecException.class);
            return cargo;
        });
        cargo.end();
        assertThat(failing.givenBack).isEmpty();
    }

    @Test
    void aNumberThatStandsForNothingIsRefused() {
        assertThatThrownBy(() -> Cargo.resolve(0, counts)).isInstanceOf(CodecException.class);
        Cargo cargo = take(body(encode(1024, () -> Cargo.add(MEMORY, Frames.SHARES))));
        for (int number : new int[] {-1, 1}) {
            assertThatThrownBy(() -> cargo.<Object>read(() -> Cargo.resolve(number, counts)))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("no reference " + number);
        }
    }

    /** A failure of another process, say, which answers a question that reading the body has raised. */
    @Test
    void aBodyOfAnotherConnectionWithinDoesNotReachTheReferences() {
        Cargo cargo = take(body(encode(1024, () -> Cargo.add(PROXY, Frames.CARRIES))));
        assertThatThrownBy(() -> cargo.<Object>read(() -> Cargo.resolve(0, new Counting())))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("no reference 0");
        assertThat(leftOf(cargo)).containsExactly(PROXY);
    }

    @Test
    void referencesThatReachBeyondTheBodyAreDamaged() {
        for (byte[] damaged : new byte[][] {
            {},
            {0, 0, 1},
            {0, 0, 0, 1}, // no length
            {0, 0, 0, 0, 1}, // a length of 0
            {9, 2, 0, 0, 0, 1}, // one byte of two
            {9, 1, 0, 0, 0, 2},
            {9, 1, 127, 127, 127, 127},
            {9, 1, -1, -1, -1, -1}
        }) {
            assertThatThrownBy(() -> take(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("damaged frame");
        }
    }
}
