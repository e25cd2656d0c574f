// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Jazzer found, what friends send, and that with small damages: a look at each target in every build. */
@Timeout(120)
class RegressionTest {
    private static final long SEED = Long.getLong("processional.seed", System.nanoTime());
    private static final int ROUNDS = Math.max(1, Integer.getInteger("processional.rounds.percent", 10));

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void inputsThatWereFindingsAreRead(Target target) throws IOException {
        List<Regressions.Input> inputs = Regressions.of(target);
        for (Regressions.Input input : inputs) {
            assertThatCode(() -> Bounds.run(target, input.bytes()))
                    .as(target.name() + "/" + input)
                    .doesNotThrowAnyException();
        }
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            assertThatCode(() -> Bounds.run(target, seed))
                    .as(target.name() + ", seed " + HexFormat.of().formatHex(seed))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void damagedInputsAreRead(Target target) throws IOException {
        Random random = new Random(SEED);
        List<byte[]> seeds = new ArrayList<>(target.seeds());
        for (Regressions.Input input : Regressions.of(target)) {
            seeds.add(input.bytes());
        }
        for (int i = 0; i < target.damages() * ROUNDS; i++) {
            byte[] input = damaged(seeds.get(random.nextInt(seeds.size())), random);
            assertThatCode(() -> Bounds.run(target, input))
                    .as(target.name() + ", seed " + SEED + ", input "
                            + HexFormat.of().formatHex(input))
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] damaged(byte[] seed, Random random) {
        byte[] input =
                java.util.Arrays.copyOf(seed, random.nextInt(8) == 0 ? random.nextInt(seed.length + 8) : seed.length);
        for (int i = random.nextInt(4); i >= 0 && input.length > 0; i--) {
            int at = random.nextInt(input.length);
            input[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) (input[at] ^ 1 << random.nextInt(8));
                case 2 -> -1;
                default -> (byte) (input[at] + (random.nextBoolean() ? 1 : -1));
            };
        }
        return input;
    }
}
