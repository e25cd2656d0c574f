// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class GrowthTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "growth.clients-in-turn.unix",
                "growth.pending.shm",
                "growth.exports.wrap-drop",
                "growth.payload.copied.unix"
            })
    void aCurveHasAPointForEachSize(String name) throws Exception {
        Curve curve = Curves.of(name);
        long second = curve.sizes().get(1);
        List<Curve.Point> points = new ArrayList<>();

        Growth.measure(curve, second, 0, TimeUnit.MILLISECONDS.toNanos(4), points::add);

        assertThat(points.stream().map(Curve.Point::size))
                .containsExactly(curve.sizes().get(0), second);
        assertThat(points).allSatisfy(point -> assertThat(point.micros()).isPositive());
    }

    @Test
    void whereTheCostShouldStayTheLineIsTheBestWithLess() {
        Curve flat = curve(false);

        List<Curve.OnLine> lined = flat.onLine(List.of(point(1, 4), point(10, 2), point(100, 6)));

        assertThat(lined.stream().map(Curve.OnLine::line)).containsExactly(4.0, 2.0, 2.0);
        assertThat(lined.get(2).timesLine()).isEqualTo(3);
    }

    @Test
    void whereItGrowsByUnitsTheLineIsThatOfTheCheapestUnit() {
        Curve rising = curve(true);

        List<Curve.OnLine> lined = rising.onLine(List.of(point(1, 10), point(11, 11), point(101, 220)));

        assertThat(lined.stream().map(Curve.OnLine::line)).containsExactly(10.0, 20.0, 110.0);
        assertThat(lined.get(2).timesLine()).isEqualTo(2);
    }

    @Test
    void aCurveIsPlotted(@TempDir Path directory) throws Exception {
        Curve curve = curve(false);

        Plots.write(curve, curve.onLine(List.of(point(1, 4), point(1000, 2))), directory);

        assertThat(directory.resolve("growth.test.svg")).content().contains("<svg");
        assertThat(Files.readAllBytes(directory.resolve("growth.test.png"))).startsWith(0x89, 'P', 'N', 'G');
    }

    private static Curve curve(boolean perUnit) {
        return new Curve("growth.test", "things", List.of(1L), perUnit, () -> {
            throw new UnsupportedOperationException("not opened here");
        });
    }

    private static Curve.Point point(long size, double micros) {
        return new Curve.Point(size, micros, micros);
    }
}
