// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Measures curves, each in a JVM of its own, and prints them beside their straight lines; on request also JSON and plots.
 *
 * <p>As a program it measures one, and writes each point to the standard output in a line: {@code @point}, the size and two
 * times.
 */
final class Growth {
    private static final String POINT = "@point ";
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long POINT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CURVE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Above this, a point is said to be worse than the line: forks differ by as much. */
    private static final double BEND = 1.5;

    private Growth() {}

    /**
     * Measures a curve.
     *
     * @param args its name, and the longest size
     * @throws Exception if a call failed
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        measure(Curves.of(args[0]), Long.parseLong(args[1]), WARM_UP_NANOS, POINT_NANOS, point -> {
            out.println(POINT + point.size() + " " + point.micros() + " " + point.p99());
            out.flush();
        });
        System.exit(0);
    }

    /** Measures a curve in this JVM. */
    static void measure(Curve curve, long longest, long warmUpNanos, long pointNanos, Consumer<Curve.Point> points)
            throws Exception {
        try (Curve.Growing growing = curve.maker().open()) {
            Sample.warmUp(growing.growTo(curve.sizes().get(0)), warmUpNanos);
            for (long size : curve.sizes()) {
                if (size <= longest) {
                    Way way = growing.growTo(size);
                    Sample.warmUp(way, 2 * pointNanos); // what runs first here is compiled, new memory touched once
                    Recording recording = new Recording();
                    recording.run(way, pointNanos, 0);
                    Sample sample = Sample.of(recording, growing.operations(size));
                    points.accept(new Curve.Point(size, sample.micros(), sample.p99()));
                }
            }
        }
    }

    /** Measures those in whose names the filter finds something. */
    static int run(Compare.Options options, PrintStream out, PrintStream errors)
            throws IOException, InterruptedException {
        List<Curve> curves = curves(options.filter());
        long longest = options.quick() ? 1000 : Long.MAX_VALUE;
        Map<Curve, List<Curve.OnLine>> measured = new LinkedHashMap<>();
        for (Curve curve : curves) {
            errors.println(curve.name() + " (" + (measured.size() + 1) + " of " + curves.size() + ")");
            try {
                List<Curve.Point> points = inJvm(curve, longest);
                measured.put(curve, curve.onLine(points));
            } catch (IOException e) {
                out.println(curve.name() + ": " + e.getMessage());
            }
        }
        print(measured, out);
        if (options.json() != null) {
            Files.writeString(
                    options.json(),
                    new GsonBuilder().setPrettyPrinting().create().toJson(json(measured)) + "\n");
            out.println("written: " + options.json());
        }
        if (options.plots() != null) {
            Path directory = options.plots();
            for (Map.Entry<Curve, List<Curve.OnLine>> each : measured.entrySet()) {
                Plots.write(each.getKey(), each.getValue(), directory).forEach(file -> out.println("written: " + file));
            }
        }
        return measured.size() == curves.size() ? Compare.DONE : Compare.INCOMPLETE;
    }

    private static List<Curve> curves(Pattern filter) {
        List<Curve> curves = Curves.ALL.stream()
                .filter(curve -> filter.matcher(curve.name()).find())
                .toList();
        if (curves.isEmpty()) {
            throw new IllegalArgumentException("no curve has \"" + filter + "\" in its name; there are "
                    + String.join(", ", Curves.ALL.stream().map(Curve::name).toList()));
        }
        return curves;
    }

    private static List<Curve.Point> inJvm(Curve curve, long longest) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(ForkJvm.java());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName()));
        line.addAll(List.of(curve.name(), Long.toString(longest)));
        List<Curve.Point> points = new ArrayList<>();
        ForkJvm.run(line, CURVE_NANOS, text -> {
            Curve.Point point = point(text);
            return point != null && points.add(point);
        });
        return points;
    }

    private static Curve.@Nullable Point point(String text) {
        int begin = text.indexOf(POINT);
        if (begin < 0) {
            return null;
        }
        List<String> words = List.of(text.substring(begin + POINT.length()).split(" ", -1));
        return new Curve.Point(
                Long.parseLong(words.get(0)), Double.parseDouble(words.get(1)), Double.parseDouble(words.get(2)));
    }

    private static void print(Map<Curve, List<Curve.OnLine>> measured, PrintStream out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("curve", "of", "size", "us a call", "p99", "line", "x line"));
        measured.forEach((curve, points) -> points.forEach(each -> lines.add(List.of(
                curve.name(),
                curve.what(),
                Long.toString(each.point().size()),
                Spread.format(each.point().micros()),
                Spread.format(each.point().p99()),
                Spread.format(each.line()),
                Spread.format(each.timesLine())))));
        Table.print(lines, 2, out);
        out.println();
        measured.forEach((curve, points) -> points.stream()
                .filter(each -> each.timesLine() > BEND)
                .findFirst()
                .ifPresent(each -> out.println(
                        curve.name() + ": above its line from " + each.point().size() + " "
                                + curve.what() + " on: " + Spread.format(each.timesLine()) + " times; at the most "
                                + Spread.format(points.stream()
                                        .mapToDouble(Curve.OnLine::timesLine)
                                        .max()
                                        .orElse(0)))));
    }

    private static JsonArray json(Map<Curve, List<Curve.OnLine>> measured) {
        JsonArray array = new JsonArray();
        measured.forEach((curve, points) -> points.forEach(each -> {
            JsonObject json = new JsonObject();
            json.addProperty("name", curve.name());
            json.addProperty("of", curve.what());
            json.addProperty("size", each.point().size());
            json.addProperty("p50", each.point().micros());
            json.addProperty("p99", each.point().p99());
            json.addProperty("line", each.line());
            json.addProperty("timesLine", each.timesLine());
            array.add(json);
        }));
        return array;
    }
}
