// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables that people read: columns of even width, which Markdown takes as well. */
final class Table {
    private static final List<String> HEAD = List.of(
            "row",
            "unit",
            "ours",
            "p50",
            "p99",
            "p99.9",
            "B/op",
            "limit",
            "x limit",
            "floor",
            "x floor",
            "peer",
            "times faster");
    private static final List<String> PEERS = List.of("row", "unit", "peer", "figure", "B/op", "times faster");

    private Table() {}

    /** Prints rows, then all peers, then what is missing. */
    static void print(List<Comparison> comparisons, PrintStream out) {
        List<List<String>> lines = new ArrayList<>(List.of(HEAD));
        comparisons.forEach(each -> lines.add(line(each)));
        print(lines, 2, out);
        List<List<String>> peers = new ArrayList<>(List.of(PEERS));
        for (Comparison each : comparisons) {
            for (Entrant peer : each.peers()) {
                Optional<Entrant> entrant = Optional.of(peer);
                peers.add(List.of(
                        each.row().name(),
                        each.row().figure().unit(),
                        peer.name(),
                        spread(each.figure(entrant, each.row().figure()::of)),
                        median(each.allocated(entrant)),
                        spread(each.timesFasterThan(entrant))));
            }
        }
        if (peers.size() > 1) {
            out.println();
            print(peers, 3, out);
        }
        for (Comparison each : comparisons) {
            each.missing().forEach((name, why) -> out.println(each.row().name() + ": no " + name + ": " + why));
        }
    }

    private static List<String> line(Comparison row) {
        Optional<Entrant> ours = row.row().entrant(Role.OURS);
        return List.of(
                row.row().name(),
                row.row().figure().unit(),
                spread(row.figure(Role.OURS)),
                median(row.figure(ours, Sample::micros)),
                median(row.figure(ours, Sample::p99)),
                median(row.figure(ours, Sample::p999)),
                median(row.allocated(ours)),
                median(row.figure(Role.LIMIT)),
                spread(row.oursTo(Role.LIMIT)),
                median(row.figure(Role.FLOOR)),
                spread(row.oursTo(Role.FLOOR)),
                median(row.figure(Role.PEER)),
                spread(row.timesFasterThan(row.row().entrant(Role.PEER))));
    }

    private static String spread(Optional<Spread> spread) {
        return spread.map(Spread::toString).orElse("-");
    }

    private static String median(Optional<Spread> spread) {
        return spread.map(found -> Spread.format(found.median())).orElse("-");
    }

    /** Prints lines, the first of which is the head; the first so many columns are words. */
    static void print(List<List<String>> lines, int words, PrintStream out) {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (int n = 0; n < lines.size(); n++) {
            StringBuilder text = new StringBuilder("|");
            for (int i = 0; i < widths.length; i++) {
                String cell = lines.get(n).get(i);
                String spaces = " ".repeat(widths[i] - cell.length());
                text.append(' ')
                        .append(i < words ? cell + spaces : spaces + cell)
                        .append(" |");
            }
            out.println(text);
            if (n == 0) {
                StringBuilder rule = new StringBuilder("|");
                for (int i = 0; i < widths.length; i++) {
                    rule.append("-".repeat(widths[i] + 1)).append(i < words ? "-|" : ":|");
                }
                out.println(rule);
            }
        }
    }
}
