// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures rows in this JVM. Each way of a row has its turn in each round, so that what disturbs the machine disturbs
 * all of them, and their ratios are those of the same pair of JVMs.
 *
 * <p>As a program it takes a plan and the names of rows, and writes what it has measured to the standard output, among
 * whatever peers print there, lines: {@code @measured} and bytes in base 64 for each row that is measured, and
 * {@code @warm} and its name for each that is warmed up before.
 */
final class Fork {
    /** Begins a line with a result. */
    static final String MEASURED = "@measured ";

    /** Begins a line with the name of a row that is warmed up. */
    static final String WARM = "@warm ";

    private Fork() {}

    /**
     * Measures.
     *
     * @param args the plan, encoded, and names of rows
     * @throws Exception if one of ours, a limit or a floor failed
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        Plan plan = decode(Plan.class, args[0]);
        List<Row> rows = Arrays.stream(args, 1, args.length).map(Rows::of).toList();
        try (Pair pair = new Pair()) {
            if (plan.grouped()) { // what one row meets later must not make the code of another cold again
                for (Row row : rows) {
                    if (row.isWarmedUp()) {
                        measure(pair, row, plan.onlyWarmUp());
                    }
                    out.println(WARM + row.name());
                    out.flush();
                }
                plan = plan.withoutWarmUp();
            }
            for (Row row : rows) {
                Measured measured = measure(pair, row, plan);
                out.println(MEASURED + encode(measured));
                out.flush();
            }
        }
        System.exit(0); // peers may leave threads
    }

    /** Measures a row in this JVM. A peer that does not start, or fails, is missing; of the others that is an error. */
    static Measured measure(Pair pair, Row row, Plan plan) throws Exception {
        Map<String, Way> ways = new LinkedHashMap<>();
        Map<String, Recording> recordings = new HashMap<>();
        Map<String, String> missing = new LinkedHashMap<>();
        List<Entrant> running = new ArrayList<>();
        try {
            for (Entrant entrant : plan.entrants(row)) {
                attempt(entrant, missing, () -> {
                    Way way = entrant.maker().make(pair);
                    ways.put(entrant.name(), way);
                    long warmUpNanos = plan.warmUpNanos(row, entrant.role());
                    if (warmUpNanos > 0) {
                        Sample.warmUp(way, warmUpNanos);
                    }
                    running.add(entrant);
                });
            }
            for (int round = 0; round < plan.rounds(row); round++) {
                for (Entrant entrant : List.copyOf(running)) {
                    boolean done = attempt(entrant, missing, () -> {
                        Way way = ways.get(entrant.name());
                        if (way != null) {
                            Recording recording = recordings.computeIfAbsent(entrant.name(), name -> new Recording());
                            Sample.measure(way, plan.roundNanos(row), row, recording);
                        }
                    });
                    if (!done) {
                        running.remove(entrant);
                        recordings.remove(entrant.name());
                    }
                }
            }
        } finally {
            ways.values().forEach(Way::close);
        }
        Map<String, Sample> samples = new LinkedHashMap<>();
        running.forEach(entrant -> {
            Recording recording = recordings.get(entrant.name());
            if (recording != null) {
                samples.put(entrant.name(), Sample.of(recording, row.operations()));
            }
        });
        return new Measured(row.name(), samples, missing);
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws Exception;
    }

    private static boolean attempt(Entrant entrant, Map<String, String> missing, Attempt attempt) throws Exception {
        try {
            attempt.run();
            return true;
        } catch (Exception | LinkageError e) {
            if (entrant.role().compareTo(Role.PEER) < 0) {
                throw e;
            }
            missing.put(entrant.name(), e.toString());
            return false;
        }
    }

    /** Something as a word. */
    static String encode(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** What {@link #encode} was given. */
    static <T> T decode(Class<T> type, String word) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(word);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        } catch (ClassNotFoundException e) {
            throw new IOException("not of this version: " + word, e);
        }
    }
}
