// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a clock of its own. */
class SilenceTest {
    private static final Duration REPORT = Duration.ofSeconds(10);

    /** What is watched: the test says how it is, and sees what was done. */
    private static final class Other implements Silence.Subject {
        final List<String> seen = new ArrayList<>();
        boolean owes = true;
        boolean isHostLost;
        long signs;

        @Override
        public boolean owes() {
            return owes;
        }

        @Override
        public long signs() {
            return signs;
        }

        @Override
        public void ask() {
            seen.add("asked");
        }

        @Override
        public boolean isHostLost() {
            return isHostLost;
        }

        @Override
        public void silent(Duration time) {
            seen.add("silent " + time.toSeconds());
        }

        @Override
        public void back(Duration silent) {
            seen.add("back " + silent.toSeconds());
        }

        @Override
        public void over(Duration time, boolean hostLost) {
            seen.add((hostLost ? "lost " : "over ") + time.toSeconds());
        }
    }

    private final Other other = new Other();
    private long seconds;

    private void look(Silence silence, int times) {
        for (int i = 0; i < times; i++) {
            silence.look(Duration.ofSeconds(seconds++).toNanos(), false);
        }
    }

    @Test
    void whoSaysNothingIsAskedThenReportedOnceAndOnceMoreWhenBack() {
        Silence silence = new Silence(other, REPORT, null);
        look(silence, 3);
        assertThat(other.seen).containsExactly("asked");
        look(silence, 100);
        assertThat(other.seen).containsExactly("asked", "silent 10");
        other.signs++;
        look(silence, 2);
        assertThat(other.seen).containsExactly("asked", "silent 10", "back 103");
        look(silence, 20);
        assertThat(other.seen).containsExactly("asked", "silent 10", "back 103", "asked", "silent 10");
    }

    @Test
    void whoAnswersIsAskedNowAndThenAndNeverReported() {
        Silence silence = new Silence(other, REPORT, Duration.ofSeconds(20));
        for (int i = 0; i < 100; i++) {
            look(silence, 1);
            if (other.seen.size() > other.signs) {
                other.signs = other.seen.size(); // it answers
            }
        }
        assertThat(other.seen).isNotEmpty().containsOnly("asked");
    }

    @Test
    void whoOwesNothingMaySayNothing() {
        Silence silence = new Silence(other, REPORT, Duration.ofSeconds(1));
        other.owes = false;
        look(silence, 100);
        assertThat(other.seen).isEmpty();
    }

    @Test
    void whoIsSilentForLongerThanAllowedIsEndedOnce() {
        Silence silence = new Silence(other, REPORT, Duration.ofSeconds(15));
        look(silence, 60);
        assertThat(other.seen).containsExactly("asked", "silent 10", "over 15");
    }

    @Test
    void aShortLimitIsAskedInTime() {
        Silence silence = new Silence(other, REPORT, Duration.ofSeconds(1));
        look(silence, 3);
        assertThat(other.seen).containsExactly("asked", "over 1");
    }

    @Test
    void aHostThatIsLostIsTakenForDeadAfterAMinute() {
        Silence silence = new Silence(other, REPORT, null);
        other.isHostLost = true;
        look(silence, 200);
        assertThat(other.seen).containsExactly("asked", "silent 10", "lost 60");
    }

    @Test
    void whoWasAwayItselfBlamesNobody() {
        Silence silence = new Silence(other, REPORT, Duration.ofSeconds(15));
        look(silence, 2);
        seconds += 3600;
        silence.look(Duration.ofSeconds(seconds).toNanos(), true);
        look(silence, 2);
        assertThat(other.seen).doesNotContain("silent 3600").allMatch("asked"::equals);
    }
}
