// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.engine.testing.Rounds;
import org.processional.spi.Codec;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;
import org.processional.tck.JavaCodec;

/** What a failure says of itself to a process that lacks its class. */
@Timeout(60)
class FailuresTest {
    private static final Codec CODEC = new JavaCodec()
            .open(
                    new Substitution() {
                        @Override
                        public byte[] replace(Object proxy) {
                            throw new CodecException("no proxies here");
                        }

                        @Override
                        public Object resolve(byte[] bytes) {
                            throw new CodecException("no proxies here");
                        }
                    },
                    InputFilter.none());

    private static byte[] write(Throwable error) {
        FrameOutput out = new FrameOutput(512, 1 << 24);
        Failures.write(error, CODEC::encode, out);
        byte[] bytes = new byte[out.size()];
        out.frame().get(bytes);
        return bytes;
    }

    private static StandInException standIn(Throwable error) {
        return Failures.standIn(ByteBuffer.wrap(write(error)));
    }

    private static String print(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static Exception withAll() {
        Exception error = new IOException("outer", new IllegalStateException("middle", new Error("inner")));
        error.addSuppressed(new RuntimeException("suppressed", new IOException()));
        error.getCause().addSuppressed(new Exception());
        return error;
    }

    @Test
    void aStandInPrintsLikeTheOriginal() {
        Exception error = withAll();
        assertThat(print(standIn(error))).isEqualTo(print(error)).contains("Suppressed: ", "Caused by: ", " more");
    }

    @Test
    void aStandInOfAStandInIsOneOfTheOriginal() {
        StandInException first = standIn(withAll());
        StandInException second = standIn(first);
        assertThat(second.originalClassName()).isEqualTo(IOException.class.getName());
        assertThat(print(second)).isEqualTo(print(first));
    }

    @Test
    void circlesArriveAsTheyAre() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        a.addSuppressed(b);
        b.addSuppressed(a);
        StandInException standIn = standIn(a);
        assertThat(standIn.getCause().getCause()).isSameAs(standIn);
        assertThat(print(standIn)).isEqualTo(print(a)).contains("CIRCULAR REFERENCE");
        Throwable itself = Failures.read(
                ByteBuffer.wrap(write(a)), standIn, CODEC, getClass().getClassLoader());
        assertThat(print(itself)).isEqualTo(print(a));
    }

    @Test
    void whatIsItsOwnCauseHasNone() {
        Exception own = new Exception("own") {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        };
        assertThat(standIn(own)).hasNoCause().hasMessageContaining("own");
    }

    @Test
    void aLongChainIsCutAtSixtyFour() {
        Exception error = new Exception("0");
        for (int i = 1; i < 1000; i++) {
            error = new Exception("" + i, error);
        }
        int depth = 0;
        for (Throwable at = standIn(error); at != null; at = at.getCause()) {
            assertThat(at).hasMessageEndingWith(": " + (999 - depth));
            depth++;
        }
        assertThat(depth).isEqualTo(64);
    }

    @Test
    void manySuppressedOfManySuppressedAreBounded() {
        Exception error = new Exception("top");
        for (int i = 0; i < 20; i++) {
            Exception one = new Exception("" + i);
            for (int j = 0; j < 20; j++) {
                one.addSuppressed(new Exception(i + "." + j));
            }
            error.addSuppressed(one);
        }
        assertThat(standIn(error).getSuppressed()).hasSize(3); // 1 + 21 + 21 + 21
    }

    @Test
    void ofALongTraceBothEndsAreTold() {
        StackTraceElement[] frames = new StackTraceElement[1024];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new StackTraceElement("C", "m" + i, null, i);
        }
        Error error = new StackOverflowError();
        error.setStackTrace(frames);
        StackTraceElement[] told = standIn(error).getStackTrace();
        assertThat(told).hasSize(200);
        assertThat(told[118]).hasToString(frames[118].toString());
        assertThat(told[119]).asString().contains("825 frames left out");
        assertThat(told[120]).hasToString(frames[1024 - 80].toString());
        assertThat(told[199]).hasToString(frames[1023].toString());
    }

    @Test
    void aLongMessageIsCut() {
        assertThat(standIn(new Exception("x".repeat(1 << 20))).getMessage())
                .hasSizeLessThan(70_000)
                .endsWith("characters left out)");
    }

    @Test
    void anExceptionThatFailsWhenAskedIsToldNevertheless() {
        Exception bad = new Exception("bad") {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                return null;
            }
        };
        assertThat(standIn(bad)).hasToString(bad.getClass().getName());
        assertThat(standIn(bad).getStackTrace()).isEmpty();
    }

    @Test
    void damageIsACodecExceptionOrAnotherStory() {
        byte[] bytes = write(withAll());
        for (int i = 0; i < bytes.length; i += 1 + bytes.length / Rounds.of(10_000)) {
            byte[] cut = java.util.Arrays.copyOf(bytes, i);
            try {
                Failures.standIn(ByteBuffer.wrap(cut));
            } catch (RuntimeException e) {
                assertThat(e)
                        .isInstanceOfAny(
                                CodecException.class,
                                java.nio.BufferUnderflowException.class,
                                IllegalArgumentException.class,
                                IllegalStateException.class);
            }
        }
        byte[] forward = {0, 5};
        assertThatThrownBy(() -> Failures.standIn(ByteBuffer.wrap(forward)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("damaged");
    }
}
