// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processional.ConnectionException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

class CargoTest {
    private static final byte[] PROXY = {1, 0, 0, 0, 0, 0, 0, 0, 7};
    private static final byte[] MEMORY = {2, 9, 9};
    private static final byte[] HOME = {5, 0, 0, 0, 0, 0, 0, 0, 8}; // is not counted

    /** A codec that writes one byte and refers to things. */
    private static Codec codec(byte[]... references) {
        return new Codec() {
            @Override
            public List<Definition> encode(Object value, FrameOutput out) {
                out.putByte(42);
                for (byte[] reference : references) {
                    Cargo.add(reference);
                }
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

    /** What is told to have been forgotten. */
    private static final class Forgotten implements Substitution {
        final List<byte[]> references = new ArrayList<>();

        @Override
        public byte[] replace(Object object) {
            return null;
        }

        @Override
        public void forget(byte[] bytes) {
            references.add(bytes);
        }

        @Override
        public Object resolve(byte[] bytes) {
            return bytes;
        }
    }

    private static FrameOutput output(int most) {
        FrameOutput out = new FrameOutput(16, most);
        Frames.begin(out, Frames.RESULT, 0, 1, 1, 0);
        return out;
    }

    private static ByteBuffer body(FrameOutput out) {
        return Frames.body(out.frame(), true);
    }

    @Test
    void whatWasCountedStandsBehindTheBody() {
        FrameOutput out = output(1024);
        Cargo.encode(1, codec(PROXY, HOME, MEMORY), new Forgotten(), out);
        assertThat(Frames.flags(out.frame())).isEqualTo(Frames.CARRIES | Frames.SHARES);
        ByteBuffer body = body(out);
        assertThat(Cargo.take(body)).containsExactly(PROXY, MEMORY);
        assertThat(body.remaining()).isEqualTo(1);
        assertThat(body.get()).isEqualTo((byte) 42);
    }

    @Test
    void aBodyThatRefersToNothingStandsAlone() {
        FrameOutput out = output(1024);
        Cargo.encode(1, codec(), new Forgotten(), out);
        assertThat(Frames.flags(out.frame())).isZero();
        assertThat(body(out).remaining()).isEqualTo(1);
    }

    @Test
    void whatHasNoRoomBehindTheBodyIsForgotten() {
        FrameOutput out = output(Frames.HEADER_BYTES + 8); // the proxy alone takes more
        Forgotten objects = new Forgotten();
        assertThatThrownBy(() -> Cargo.encode(1, codec(PROXY, MEMORY), objects, out))
                .isInstanceOf(RuntimeException.class);
        assertThat(objects.references).containsExactly(PROXY, MEMORY);
    }

    @Test
    void whatDidNotArriveIsTold() {
        List<byte[]> arrived = new ArrayList<>(List.of(PROXY.clone(), HOME.clone()));
        assertThat(Cargo.unread(List.of(PROXY, MEMORY, PROXY), arrived)).containsExactly(MEMORY, PROXY);
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
            assertThatThrownBy(() -> Cargo.take(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("damaged frame");
        }
    }
}
