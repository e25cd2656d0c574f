// SPDX-License-Identifier: Apache-2.0
package org.processional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Explanations are values, and say all in a text. */
class ExplanationTest {
    private static final Explanation.Capture COUNT = new Explanation.Capture("count", "int", "java.lang.Integer", 1);
    private static final Explanation.Capture LIST =
            new Explanation.Capture("list", "java.util.List", "java.util.ArrayList", 12_345);
    private static final Explanation.Capture HIDDEN =
            new Explanation.Capture("hidden", "long", "?", Explanation.UNKNOWN);
    private static final Explanation.Capture NOTHING = new Explanation.Capture("none", "A", "null", 1);

    @Test
    void whatTravelsIsTold() {
        assertThat(new Explanation("the lambda", List.of(COUNT, LIST, HIDDEN, NOTHING), List.of(), 20_000, 300))
                .hasToString("the lambda captures 4; it travels in 20,000 bytes, and 300 bytes once per connection\n"
                        + "  count: int, 1 byte\n"
                        + "  list: java.util.List (java.util.ArrayList), 12,345 bytes\n"
                        + "  hidden: long, not known\n"
                        + "  none: A (null), 1 byte")
                .returns(true, Explanation::travels);
        assertThat(new Explanation("it", List.of(), List.of(), 2, 1))
                .hasToString("it captures nothing; it travels in 2 bytes, and 1 byte once per connection");
    }

    @Test
    void whatCannotTravelIsTold() {
        Explanation.Obstacle own = new Explanation.Obstacle("the lambda", "captured #1", "A", "is bad", "mend it");
        Explanation.Obstacle inner = new Explanation.Obstacle("the inner one", "captured #2", "B", "is bad", "drop it");
        Explanation explanation = new Explanation(
                "the lambda", List.of(COUNT), List.of(own, inner), Explanation.UNKNOWN, Explanation.UNKNOWN);
        assertThat(explanation)
                .hasToString("the lambda captures 1; it cannot travel\n"
                        + "  count: int, 1 byte\n"
                        + "- captured #1 is bad; mend it\n"
                        + "- the inner one cannot travel: captured #2 is bad; drop it")
                .returns(false, Explanation::travels);
        assertThat(own).hasToString("the lambda cannot travel: captured #1 is bad; mend it");
    }

    @Test
    void listsAreCopied() {
        List<Explanation.Capture> captures = new ArrayList<>(List.of(COUNT));
        Explanation explanation = new Explanation("it", captures, List.of(), 1, 1);
        captures.clear();
        assertThat(explanation.captures()).containsExactly(COUNT);
        assertThatThrownBy(() -> explanation.captures().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
