// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processional.CodecException;
import org.processional.spi.InputFilter;

/** The forms of our own are asked about once, and none by way of another. */
class AdmissionTest {
    private final List<Class<?>> asked = new ArrayList<>();
    private boolean refuses;
    private final Admission admission = new Admission(new InputFilter() {
        @Override
        public void name(String name) {}

        @Override
        public void type(Class<?> type) {
            asked.add(type);
            if (refuses) {
                throw new CodecException("refused");
            }
        }

        @Override
        public void lambda(Class<?> capturing) {}

        @Override
        public boolean counts() {
            return false;
        }

        @Override
        public void count(ObjectInputFilter.FilterInfo info) {}
    });

    @Test
    void eachFormIsAskedAboutOnce() {
        for (int i = 0; i < 3; i++) {
            admission.form(Tag.ARRAY_LIST);
            admission.form(Tag.UUID);
        }
        assertThat(asked).containsExactly(ArrayList.class, java.util.UUID.class);
    }

    @Test
    void aRefusalIsNotRemembered() {
        refuses = true;
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> admission.form(Tag.HASH_MAP)).isInstanceOf(CodecException.class);
        }
    }

    /** The byte comes from the other end: one beyond all tags has the bit of one of them, 64 further on. */
    @Test
    void noByteAdmitsTheFormOfAnother() {
        refuses = true;
        for (int tag = Byte.MIN_VALUE; tag < 0; tag++) {
            admission.form((byte) tag);
        }
        for (int tag = Long.SIZE; tag <= Byte.MAX_VALUE; tag++) {
            admission.form((byte) tag);
        }
        assertThatThrownBy(() -> admission.form(Tag.ARRAY_LIST)).isInstanceOf(CodecException.class);
        assertThat(asked).containsExactly(ArrayList.class);
    }
}
