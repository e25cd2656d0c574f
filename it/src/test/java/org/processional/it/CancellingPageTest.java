// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.cancellation;
import static org.processional.Processional.slave;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Cancel;
import org.processional.CancellationToken;
import org.processional.SlaveDiedException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskOptions;

/** The program of docs/cancelling.md. */
@Timeout(300)
class CancellingPageTest {
    private static List<String> pages() {
        return List.of("a ladder with three rungs", "rung by rung");
    }

    private static long occurrences(String page, String word) {
        return List.of(page.split(" ")).stream().filter(word::equals).count();
    }

    static long count(String word) {
        CancellationToken token = cancellation();
        long found = 0;
        for (String page : pages()) {
            token.throwIfRequested();
            found += occurrences(page, word);
        }
        return found;
    }

    private static void program(PrintStream out) {
        try (SlaveProcess process = slave()) {
            Task<Long> task = process.schedule(() -> count("ladder"));
            task.cancel(); // asks it to stop; count() heeds that

            Task<?> stuck = process.schedule(() -> Stuck.loop()); // heeds nothing
            Task<Long> behind = process.schedule(() -> count("rung"));
            awaitBegun(process); // on the page, it waits a while for the one behind
            stuck.cancel(Cancel.kill(Duration.ofSeconds(1))); // returns at once
            try {
                behind.await();
            } catch (SlaveDiedException e) {
                out.println(e.causeTask());
                out.println(e.getMessage());
            }
        }
    }

    private static void awaitBegun(SlaveProcess process) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> process.thread(() -> Stuck.begun).await());
    }

    private static void limits(PrintStream out) {
        try (SlaveProcess process = slave()) {
            TaskOptions options = TaskOptions.builder()
                    .name("resize")
                    .limit(Duration.ofSeconds(30))
                    .atLimit(Cancel.kill(Duration.ofSeconds(5)))
                    .build();
            Task<Long> task = process.schedule(() -> count("ladder"), options);
            long found = process.invoke(() -> count("rung"), TaskOptions.within(Duration.ofSeconds(10)));
            out.println(task.await() + " " + found);
        }
    }

    @Test
    void theProgramsPrintWhatThePageSays() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            program(out);
            limits(out);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8);
        System.out.println(printed);
        assertThat(printed)
                .contains("(a lambda of " + CancellingPageTest.class.getName())
                .contains("scheduled at " + CancellingPageTest.class.getName() + ".program(")
                .contains("which was cancelled, and still ran after the grace of PT1S")
                .endsWith("1 2\n");
    }
}
