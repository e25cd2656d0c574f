// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.cancellation;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.processional.Cancel;
import org.processional.CancellationToken;
import org.processional.SlaveDiedException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;

/** What {@code docs/cancelling.md} shows. */
final class CancellingGuide {
    private static volatile long rounds;

    private CancellingGuide() {}

    /** The pages beside the folder that the examples run in. */
    static List<Path> pages() {
        try (Stream<Path> files = Files.list(Path.of("..", "docs"))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long occurrences(Path page, String word) {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.flatMap(line -> Stream.of(line.split("\\W+")))
                    .filter(word::equals)
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes on until its process is killed. */
    private static void thirdParty() {
        for (long i = rounds; i >= 0; i++) {
            rounds = i;
        }
    }

    static long count(String word) {
        CancellationToken token = cancellation();
        long found = 0;
        for (Path page : pages()) {
            token.throwIfRequested();
            found += occurrences(page, word);
        }
        return found;
    }

    static void ladder() {
        try (SlaveProcess process = slave()) {
            Task<Long> task = process.schedule(() -> count("ladder"));
            task.cancel(); // asks it to stop; count() heeds that

            Task<?> stuck = process.schedule(() -> thirdParty()); // heeds nothing
            Task<Long> behind = process.schedule(() -> count("rung"));
            try {
                behind.await(Duration.ofSeconds(2));
            } catch (TaskTimeoutException e) {
                stuck.cancel(Cancel.kill(Duration.ofSeconds(1))); // returns at once
            }
            try {
                behind.await();
            } catch (SlaveDiedException e) {
                System.out.println(e.causeTask());
                System.out.println(e.getMessage());
            }
        }
    }

    static long limited(SlaveProcess process) {
        TaskOptions options = TaskOptions.builder()
                .name("resize")
                .limit(Duration.ofSeconds(30))
                .atLimit(Cancel.kill(Duration.ofSeconds(5)))
                .build();
        Task<Long> task = process.schedule(() -> count("ladder"), options);
        long found = process.invoke(() -> count("rung"), TaskOptions.within(Duration.ofSeconds(10)));
        return task.await() + found;
    }
}
