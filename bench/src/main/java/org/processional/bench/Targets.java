// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** How rows stand to their {@link Target}s: for people, and for programs. */
final class Targets {
    private Targets() {}

    /** Whether all that a row must reach is reached; empty if it has no such, or a figure is missing. */
    static Optional<Boolean> met(Comparison row) {
        List<Target> musts = row.row().targets().stream()
                .filter(target -> !Double.isNaN(target.must()))
                .toList();
        boolean known = musts.stream().allMatch(target -> target.what().of(row).isPresent());
        boolean missed = musts.stream()
                .anyMatch(target -> target.what()
                        .of(row)
                        .filter(figure -> !target.isMet(figure))
                        .isPresent());
        return missed ? Optional.of(false) : known && !musts.isEmpty() ? Optional.of(true) : Optional.empty();
    }

    /** Prints what misses its must, what misses its aim only, and what is not known. */
    static void print(List<Comparison> rows, PrintStream out) {
        int lines = 0;
        for (Comparison row : rows) {
            for (Target target : row.row().targets()) {
                Optional<Double> figure = target.what().of(row);
                if (figure.isEmpty()) {
                    out.println("not known: " + row.row().name() + ": "
                            + target.what().unit());
                    lines++;
                } else if (!target.isMet(figure.get())) {
                    out.println("misses must: " + row.row().name() + ": " + target.describe(figure.get()));
                    lines++;
                }
            }
        }
        for (Comparison row : rows) {
            for (Target target : row.row().targets()) {
                Optional<Double> figure = target.what().of(row);
                if (figure.isPresent() && target.isMet(figure.get()) && !target.isAimMet(figure.get())) {
                    out.println("misses aim: " + row.row().name() + ": " + target.describe(figure.get()));
                    lines++;
                }
            }
        }
        if (lines == 0 && rows.stream().anyMatch(row -> !row.row().targets().isEmpty())) {
            out.println("every row meets its must and its aim");
        }
    }

    /** Each target with its figure and whether that is good enough. */
    static JsonArray json(Comparison row) {
        JsonArray array = new JsonArray();
        for (Target target : row.row().targets()) {
            Optional<Double> figure = target.what().of(row);
            JsonObject json = new JsonObject();
            json.addProperty("what", target.what().unit());
            json.add("figure", figure.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
            json.add("must", bound(target.must()));
            json.add("aim", bound(target.aim()));
            json.add(
                    "met",
                    figure.<JsonElement>map(found -> new JsonPrimitive(target.isMet(found)))
                            .orElse(JsonNull.INSTANCE));
            json.add(
                    "aimMet",
                    figure.<JsonElement>map(found -> new JsonPrimitive(target.isAimMet(found)))
                            .orElse(JsonNull.INSTANCE));
            array.add(json);
        }
        return array;
    }

    private static JsonElement bound(double bound) {
        return Double.isNaN(bound) ? JsonNull.INSTANCE : new JsonPrimitive(bound);
    }
}
