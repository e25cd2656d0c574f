// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A row, measured in several JVMs. A figure is the median of the JVMs. A ratio is taken within each JVM, whose ways had
 * the same load beside them, and then the median of those.
 *
 * @param row what was measured
 * @param forks what each JVM gave; at least one
 */
record Comparison(Row row, List<Measured> forks) {
    /** Takes a copy. */
    Comparison {
        forks = List.copyOf(forks);
    }

    /** A figure of an entrant; empty if the row has none, or it is missing everywhere. */
    Optional<Spread> figure(Optional<Entrant> entrant, ToDoubleFunction<Sample> figure) {
        return spread(forks.stream()
                .map(fork -> entrant.map(each -> fork.samples().get(each.name())))
                .flatMap(Optional::stream)
                .mapToDouble(figure)
                .toArray());
    }

    /** Bytes that an operation allocates; empty where that is not known. */
    Optional<Spread> allocated(Optional<Entrant> entrant) {
        return figure(entrant, Sample::allocated).filter(found -> !Double.isNaN(found.median()));
    }

    /** What is compared, of the first entrant of a role. */
    Optional<Spread> figure(Role role) {
        return figure(row.entrant(role), row.figure()::of);
    }

    /** How many times worse the first is than the second, within each JVM. */
    Optional<Spread> timesWorse(Optional<Entrant> first, Optional<Entrant> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        return spread(forks.stream()
                .flatMapToDouble(fork -> {
                    Sample worse = fork.samples().get(first.get().name());
                    Sample better = fork.samples().get(second.get().name());
                    return worse == null || better == null
                            ? java.util.stream.DoubleStream.empty()
                            : java.util.stream.DoubleStream.of(row.figure()
                                    .timesWorse(
                                            row.figure().of(worse), row.figure().of(better)));
                })
                .toArray());
    }

    /** How many times worse ours is than the limit or the floor. */
    Optional<Spread> oursTo(Role role) {
        return timesWorse(row.entrant(Role.OURS), row.entrant(role));
    }

    /** How many times better ours is than a peer. */
    Optional<Spread> timesFasterThan(Optional<Entrant> peer) {
        return timesWorse(peer, row.entrant(Role.OURS));
    }

    /** All that one would use else, and of which there are figures. */
    List<Entrant> peers() {
        return row.entrants().stream()
                .filter(entrant -> entrant.role().compareTo(Role.PEER) >= 0)
                .filter(entrant ->
                        figure(Optional.of(entrant), row.figure()::of).isPresent())
                .toList();
    }

    /** Why peers have no figures, by name. */
    Map<String, String> missing() {
        Map<String, String> missing = new LinkedHashMap<>();
        forks.forEach(fork -> missing.putAll(fork.missing()));
        return missing;
    }

    private static Optional<Spread> spread(double[] figures) {
        return figures.length == 0 ? Optional.empty() : Optional.of(Spread.of(figures));
    }

    /** The median, if there is one. */
    static OptionalDouble median(Optional<Spread> spread) {
        return spread.map(found -> OptionalDouble.of(found.median())).orElseGet(OptionalDouble::empty);
    }

    /** Puts together what several JVMs gave. */
    static List<Comparison> of(List<Row> rows, List<Measured> measured) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Row row : rows) {
            List<Measured> forks = measured.stream()
                    .filter(each -> each.row().equals(row.name()))
                    .toList();
            if (!forks.isEmpty()) {
                comparisons.add(new Comparison(row, forks));
            }
        }
        return comparisons;
    }
}
