// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.processional.Processional.explain;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Effect;
import org.processional.Explanation;
import org.processional.Processional;
import org.processional.ProviderException;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.Work;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.ExplainingCodecProvider;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/** Functions are explained by the best codec that can, in the words of the call that would fail. */
@Timeout(60)
class ExplainingTest {
    private static int length(String text) {
        return text.length();
    }

    private static void run(Object object) {}

    @Test
    void functionsOfEveryTypeAreExplained() {
        String text = "text";
        assertThat(explain(() -> length(text)).captures()).hasSize(1);
        assertThat(explain(() -> run(text)).captures()).hasSize(1);
        Call<Integer, RuntimeException> call = text::length;
        Action<RuntimeException> action = () -> run(text);
        Work<String, Boolean, RuntimeException> work = other -> other.equals(text);
        Effect<Object, RuntimeException> effect = other -> run(text);
        for (Explanation explanation : List.of(explain(call), explain(action), explain(work), explain(effect))) {
            assertThat(explanation.captures())
                    .containsExactly(new Explanation.Capture("text", "java.lang.String", "java.lang.String", 6));
            assertThat(explanation.travels()).isTrue();
        }
    }

    interface Job extends Serializable {
        void go();

        @Override
        String toString();
    }

    interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

    static final class Plain implements Job {
        private static final long serialVersionUID = 1L;

        @Override
        public void go() {}
    }

    @Test
    void functionsOfTheUsersOwnTypesAreExplained() {
        assertThat(explain(new Plain()).travels()).isTrue();
        SerializableFunction<String, Integer> function = String::length;
        assertThat(explain(function).captures()).isEmpty();
        assertThat(explain((Comparator<String> & Serializable) (a, b) -> 0).travels())
                .isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // what the test is about
    void whatIsNoFunctionIsRefused() {
        Call<Integer, RuntimeException> none = null;
        assertThatThrownBy(() -> explain(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a function that travels: null; give a lambda, a method reference");
        for (Serializable value : List.of("text", 5, new ArrayList<>(List.of(1)), Thread.State.NEW)) {
            assertThatThrownBy(() -> explain(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a function that travels: an object of "
                            + value.getClass().getName() + "; give");
        }
        Runnable runnable = () -> {};
        assertThatThrownBy(() -> Explaining.explain((Object) runnable, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record Simple(String name) implements CodecProvider {
        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Codec open(Substitution substitution, InputFilter filter) {
            throw new IllegalStateException("not for this test");
        }
    }

    private record Telling(String name) implements ExplainingCodecProvider {
        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Codec open(Substitution substitution, InputFilter filter) {
            throw new IllegalStateException("not for this test");
        }

        @Override
        public Explanation explain(Serializable function, Substitution substitution) {
            return new Explanation(name, List.of(), List.of(), 1, 2);
        }
    }

    private static Explanation by(CodecProvider... codecs) {
        Call<@Nullable Void, RuntimeException> call = () -> null;
        return Explaining.explain(call, List.of(codecs));
    }

    @Test
    void theBestCodecThatCanIsAsked() {
        assertThat(by(new Simple("simple"), new Telling("first"), new Telling("second"))
                        .function())
                .isEqualTo("first");
    }

    @Test
    void withoutOneTheWayOutIsSaid() {
        assertThatThrownBy(() -> by(new Simple("one"), new Simple("two")))
                .isInstanceOf(ProviderException.class)
                .hasMessage("no codec that can explain; module path and class path have [one, two]; add module"
                        + " org.processional.codec.jboss (artifact processional-codec-jboss)");
    }

    private int field = 1;

    @Test
    void scheduleFailsInTheCallersStackWithTheSameWords() {
        Object thing = new Object();
        Call<String, RuntimeException> call = () -> field + thing.toString();
        Explanation explanation = explain(call);
        assertThat(explanation.obstacles()).hasSize(2);
        assertThat(explanation.obstacles().get(0).text())
                .startsWith("this of " + ExplainingTest.class.getName() + " is captured because the lambda uses field"
                        + " field, and ");
        try (Server server = Processional.serve("mem:explaining");
                SlaveProcess client = Processional.client("mem:explaining")) {
            Throwable refusal = catchThrowable(() -> client.schedule(call));
            assertThat(refusal).isInstanceOf(CodecException.class);
            for (Explanation.Obstacle obstacle : explanation.obstacles()) {
                assertThat(refusal).hasMessageContaining(obstacle.text());
            }
            assertThat(refusal.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().contains("scheduleFailsInTheCallersStack"));
            assertThat(client.invoke(() -> 5 + 0)).isEqualTo(5);
        }
    }

    @Test
    void proxiesTravel() {
        try (Server server = Processional.serve("mem:explaining-proxies");
                SlaveProcess client = Processional.client("mem:explaining-proxies")) {
            var proxy = client.wrap(() -> new ArrayList<>(List.of(1, 2, 3)));
            Explanation explanation = explain(() -> proxy.get().size());
            assertThat(explanation.travels()).isTrue();
            assertThat(explanation.captures().get(0).bytes()).isBetween(10L, 100L);
        }
    }
}
