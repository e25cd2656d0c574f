// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.FrameOutput;

/** The forms of our own are asked about once, and none by way of another. */
class AdmissionTest {
    private final Judge judge = new Judge();
    private final Admission admission = new Admission(judge);

    @Test
    void eachFormIsAskedAboutOnce() {
        for (int i = 0; i < 3; i++) {
            admission.form(Tag.ARRAY_LIST);
            admission.form(Tag.UUID);
        }
        assertThat(judge.asked).containsExactly(ArrayList.class, java.util.UUID.class);
    }

    @Test
    void aRefusalIsNotRemembered() {
        judge.refused.add(HashMap.class);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> admission.form(Tag.HASH_MAP)).isInstanceOf(CodecException.class);
        }
    }

    /** The byte comes from the other end: one beyond all tags has the bit of one of them, 64 further on. */
    @Test
    void noByteAdmitsTheFormOfAnother() {
        judge.refused.add(ArrayList.class);
        for (int tag = Byte.MIN_VALUE; tag < 0; tag++) {
            admission.form((byte) tag);
        }
        for (int tag = Long.SIZE; tag <= Byte.MAX_VALUE; tag++) {
            admission.form((byte) tag);
        }
        assertThatThrownBy(() -> admission.form(Tag.ARRAY_LIST)).isInstanceOf(CodecException.class);
        assertThat(judge.asked).containsExactly(ArrayList.class);
    }

    // ---- superclasses

    private static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static class Between extends Base {
        private static final long serialVersionUID = 1L;
    }

    private static final class Below extends Between {
        private static final long serialVersionUID = 1L;
    }

    private static final ClassLoader LOADER = AdmissionTest.class.getClassLoader();

    @Test
    void aClassIsAskedAboutWithItsSerializableSuperclasses() {
        admission.load(Below.class.getName(), "", LOADER);
        assertThat(judge.asked).containsExactly(Below.class, Between.class, Base.class);
        judge.asked.clear();
        admission.form(Tag.LINKED_HASH_SET);
        assertThat(judge.asked).containsExactly(LinkedHashSet.class, HashSet.class);
        judge.asked.clear();
        admission.load(Thread.State.class.getName(), "", LOADER);
        assertThat(judge.asked).as("a constant, as its enum").containsExactly(Thread.State.class);
    }

    /** A sender may name the class alone, as it may if its version of it had no superclass. */
    @Test
    void aSuperclassThatTheSenderDoesNotNameIsAskedAbout() {
        judge.refused.add(Base.class);
        Codec receiver = new RiverCodecProvider().open(new Ends.Handles(), judge);
        FrameOutput definition = new FrameOutput(64, 1 << 10);
        definition.putByte(Tag.D_PLAIN);
        definition.putSize(0);
        definition.putSize(1); // levels
        definition.putString(Below.class.getName());
        definition.putLong(1);
        definition.putString("");
        definition.putSize(0); // fields
        receiver.define(definition.frame());
        ByteBuffer body = ByteBuffer.wrap(new byte[] {Tag.PLAIN, 0});
        assertThatThrownBy(() -> receiver.decode(body, LOADER))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("refused: " + Base.class.getName());
    }

    // ---- lambdas

    /** Notes that one was made. */
    private record Witness(int number) implements Serializable {
        private static final AtomicInteger MADE = new AtomicInteger();

        Witness {
            MADE.incrementAndGet();
        }
    }

    private static Call<Object, RuntimeException> capturing(Object value) {
        return () -> value;
    }

    @Test
    void ofALambdaThatIsRefusedNothingIsDecoded() {
        Witness witness = new Witness(1);
        judge.noLambdas = true;
        for (CodecProvider provider : RoundTripTest.providers()) {
            Ends ends = new Ends(provider, new Ends.Handles(), judge);
            for (Object form : List.of(
                    capturing(witness), new Object[] {new BitSet(), capturing(witness)}, capturing(List.of()))) {
                byte[] body = ends.encode(form);
                int made = Witness.MADE.get();
                judge.asked.clear();
                assertThatThrownBy(() -> ends.decode(body, LOADER))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("refused: lambdas");
                assertThat(Witness.MADE).hasValue(made);
                assertThat(judge.asked).doesNotContain(Witness.class, List.of().getClass());
            }
        }
    }

    @Test
    void lambdasThatAreTakenAreMadeAgainAndAgain() {
        for (CodecProvider provider : RoundTripTest.providers()) {
            Ends ends = new Ends(provider, new Ends.Handles(), judge);
            for (int i = 0; i < 3; i++) {
                assertThat(ends.trip(capturing(i)).call()).isEqualTo(i);
                Object[] both = ends.trip(new Object[] {new BitSet(), capturing(i), capturing("x")});
                assertThat(both).hasSize(3);
            }
        }
    }
}
