// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The figures for programs: an array of objects, one a row, with numbers or null.
 *
 * <p>{@code p50}, {@code p99} and {@code p999} are ours, in µs for each operation; {@code rate} is ours, in operations per
 * second, {@code allocated} the bytes that its calling thread allocated for each. {@code limit}, {@code floor} and {@code peer} are in {@code unit}: {@code us} stands beside p50, {@code /s}
 * beside rate. The ratios tell how many times worse than limit and floor, and how many times better than the peer;
 * {@code …Lowest} and {@code …Highest} are their spread over the forks.
 */
final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().setPrettyPrinting().create();

    private Json() {}

    /** Writes a file. */
    static void write(List<Comparison> comparisons, Path file) throws IOException {
        Files.writeString(file, GSON.toJson(of(comparisons)) + "\n");
    }

    static JsonArray of(List<Comparison> comparisons) {
        JsonArray array = new JsonArray();
        comparisons.forEach(each -> array.add(of(each)));
        return array;
    }

    private static JsonObject of(Comparison row) {
        Optional<Entrant> ours = row.row().entrant(Role.OURS);
        Optional<Entrant> peer = row.row().entrant(Role.PEER);
        JsonObject json = new JsonObject();
        json.addProperty("name", row.row().name());
        json.add("p50", median(row.figure(ours, Sample::micros)));
        json.add("p99", median(row.figure(ours, Sample::p99)));
        json.add("p999", median(row.figure(ours, Sample::p999)));
        json.add("rate", median(row.figure(ours, Sample::perSecond)));
        json.add("allocated", median(row.allocated(ours)));
        json.addProperty("unit", row.row().figure().unit());
        compared(json, row, Role.LIMIT, "limit", "ratioToLimit");
        compared(json, row, Role.FLOOR, "floor", "ratioToFloor");
        json.add("peer", median(row.figure(Role.PEER)));
        json.add("peerName", name(peer));
        spread(json, "timesFasterThanPeer", row.timesFasterThan(peer));
        json.addProperty("forks", row.forks().size());
        json.add("must", Targets.json(row));
        json.add("met", Targets.met(row).<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
        json.add("peers", peers(row));
        return json;
    }

    private static void compared(JsonObject json, Comparison row, Role role, String figure, String ratio) {
        json.add(figure, median(row.figure(role)));
        json.add(figure + "Name", name(row.row().entrant(role)));
        spread(json, ratio, row.oursTo(role));
    }

    private static JsonArray peers(Comparison row) {
        ToDoubleFunction<Sample> figure = row.row().figure()::of;
        JsonArray peers = new JsonArray();
        for (Entrant peer : row.peers()) {
            Optional<Entrant> entrant = Optional.of(peer);
            JsonObject json = new JsonObject();
            json.addProperty("name", peer.name());
            json.add("figure", median(row.figure(entrant, figure)));
            json.add("p99", median(row.figure(entrant, Sample::p99)));
            json.add("allocated", median(row.allocated(entrant)));
            spread(json, "timesFasterThan", row.timesFasterThan(entrant));
            peers.add(json);
        }
        return peers;
    }

    private static void spread(JsonObject json, String name, Optional<Spread> spread) {
        json.add(name, median(spread));
        json.add(name + "Lowest", number(spread.map(Spread::lowest)));
        json.add(name + "Highest", number(spread.map(Spread::highest)));
    }

    private static JsonElement median(Optional<Spread> spread) {
        return number(spread.map(Spread::median));
    }

    private static JsonElement number(Optional<Double> number) {
        return number.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
    }

    private static JsonElement name(Optional<Entrant> entrant) {
        return entrant.<JsonElement>map(found -> new JsonPrimitive(found.name()))
                .orElse(JsonNull.INSTANCE);
    }
}
