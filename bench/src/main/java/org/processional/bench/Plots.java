// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/**
 * Plots, each as SVG and PNG: the times and the rates of ours, limit, floor and peer; the percentiles of ours; the ratios
 * to limit and floor. All with logarithmic axes.
 */
final class Plots {
    private static final int WIDTH_OF_ROW = 60;
    private static final int WIDTH = 500;
    private static final int HEIGHT = 700;

    private Plots() {}

    /** A series: its name, and its figure of a row. */
    private record Series(String name, Function<Comparison, Optional<Spread>> figure) {}

    /**
     * Draws, without a screen.
     *
     * @return the files
     */
    static List<Path> write(List<Comparison> comparisons, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        List<Comparison> times = of(comparisons, Row.Figure.TIME);
        List<Comparison> rates = of(comparisons, Row.Figure.RATE);
        List<Series> roles = List.of(
                new Series("limit", row -> row.figure(Role.LIMIT)),
                new Series("floor", row -> row.figure(Role.FLOOR)),
                new Series("Processional", row -> row.figure(Role.OURS)),
                new Series("peer", row -> row.figure(Role.PEER)));
        List<Path> files = new ArrayList<>();
        draw(directory, "times", "µs, p50: less is better", times, roles, files);
        draw(directory, "rates", "operations per second: more is better", rates, roles, files);
        draw(
                directory,
                "percentiles",
                "µs, Processional",
                times,
                List.of(
                        new Series("p50", row -> row.figure(row.row().entrant(Role.OURS), Sample::micros)),
                        new Series("p99", row -> row.figure(row.row().entrant(Role.OURS), Sample::p99)),
                        new Series("p99.9", row -> row.figure(row.row().entrant(Role.OURS), Sample::p999))),
                files);
        draw(
                directory,
                "ratios",
                "how many times the limit, and the floor: less is better",
                comparisons,
                List.of(
                        new Series("to the limit", row -> row.oursTo(Role.LIMIT)),
                        new Series("to the floor", row -> row.oursTo(Role.FLOOR))),
                files);
        return files;
    }

    /** Draws a curve and its straight line. */
    static List<Path> write(Curve curve, List<Curve.OnLine> points, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        XYChart chart = new XYChartBuilder()
                .width(HEIGHT)
                .height(WIDTH)
                .title(curve.name())
                .xAxisTitle(curve.what())
                .yAxisTitle("µs a call, p50")
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        DoubleSummaryStatistics range = points.stream()
                .flatMapToDouble(each -> DoubleStream.of(each.point().micros(), each.line()))
                .summaryStatistics();
        chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(range.getMin())))); // only decades have labels
        chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(range.getMax()))));
        List<Long> sizes = points.stream().map(each -> each.point().size()).toList();
        chart.addSeries(
                "Processional",
                sizes,
                points.stream().map(each -> each.point().micros()).toList());
        chart.addSeries(
                "straight line", sizes, points.stream().map(Curve.OnLine::line).toList());
        String path = directory.resolve(curve.name()).toString();
        BitmapEncoder.saveBitmap(chart, path, BitmapEncoder.BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        return List.of(Path.of(path + ".png"), Path.of(path + ".svg"));
    }

    private static List<Comparison> of(List<Comparison> comparisons, Row.Figure figure) {
        return comparisons.stream().filter(row -> row.row().figure() == figure).toList();
    }

    private static void draw(
            Path directory, String name, String axis, List<Comparison> rows, List<Series> all, List<Path> files)
            throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH + WIDTH_OF_ROW * rows.size())
                .height(HEIGHT)
                .title(name)
                .yAxisTitle(axis)
                .build();
        chart.getStyler()
                .setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter); // bars begin at 0
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setXAxisLabelRotation(90);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        List<String> names = rows.stream().map(row -> row.row().name()).toList();
        for (Series series : all) {
            List<Double> figures = new ArrayList<>();
            for (Comparison row : rows) {
                OptionalDouble figure = Comparison.median(series.figure().apply(row));
                figures.add(figure.isPresent() ? figure.getAsDouble() : null);
            }
            if (figures.stream().anyMatch(figure -> figure != null)) {
                chart.addSeries(series.name(), names, figures);
            }
        }
        String path = directory.resolve(name).toString();
        BitmapEncoder.saveBitmap(chart, path, BitmapEncoder.BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        files.add(Path.of(path + ".png"));
        files.add(Path.of(path + ".svg"));
    }
}
