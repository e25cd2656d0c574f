// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.slave;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.processional.Output;
import org.processional.Proxy;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** What {@code docs/processes.md} shows. */
final class ProcessesGuide {
    private ProcessesGuide() {}

    private static int parse(String text) throws IOException {
        if (text.isEmpty()) {
            throw new IOException("nothing to parse");
        }
        return Integer.parseInt(text);
    }

    static int invoke(SlaveProcess process) {
        int port = 40;
        int next = process.invoke(() -> port + 2); // captured values travel
        try {
            return next + process.invoke(() -> parse("")); // throws what parse declares
        } catch (IOException e) { // thrown there, with the frames of both processes
            return next;
        }
    }

    static List<Integer> schedule(SlaveProcess process) {
        Task<Integer> first = process.schedule(() -> 1); // one at a time, in this order
        Task<Integer> second = process.schedule(() -> 2);
        Task<Integer> beside = process.thread(() -> 3); // in a thread of its own, beside the queue
        return Task.all(first, second, beside).await();
    }

    static int wrap(SlaveProcess process) {
        try (Proxy<List<Integer>> numbers = process.wrap(() -> new ArrayList<>(List.of(1, 2, 3)))) {
            numbers.run(list -> list.add(4)); // on the object, there
            return process.invoke(() -> numbers.get().size()); // get() is the object itself, there
        }
    }

    static String options() {
        SlaveOptions options = SlaveOptions.builder()
                .name("worker")
                .heap("64m")
                .flags("-Dgreeting=hello")
                .output(Output.LOG) // what it prints goes to the logger org.processional.slave
                .log(System.Logger.Level.INFO) // what it logs goes to the log of this process
                .closeLimit(Duration.ofSeconds(2))
                .build();
        try (SlaveProcess process = slave(options)) {
            return process.invoke(() -> System.getProperty("greeting"));
        }
    }

    static int several() {
        List<SlaveProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                processes.add(slave());
            }
            List<Task<Integer>> tasks = IntStream.range(0, 10)
                    .mapToObj(i -> processes.get(i % 2).schedule(() -> i * i))
                    .toList();
            return Task.all(tasks).await().stream().mapToInt(Integer::intValue).sum();
        } finally {
            processes.forEach(SlaveProcess::close);
        }
    }

    static String death() {
        try (SlaveProcess process = slave()) {
            process.invoke(() -> Runtime.getRuntime().halt(3)); // as a crash in native code would
            return "it lives";
        } catch (SlaveDiedException e) { // also of every other task that was pending there
            return "exit code " + e.exitCode();
        }
    }

    static int executor(SlaveProcess process) throws Exception {
        ExecutorService executor = process.executor();
        return executor.submit((Callable<Integer> & Serializable) () -> 5).get(); // what travels is serializable
    }

    static List<Integer> results(SlaveProcess process) {
        List<Task<Integer>> tasks =
                IntStream.range(0, 5).mapToObj(i -> process.schedule(() -> i)).toList();
        Collecting subscriber = new Collecting();
        Task.results(tasks).subscribe(subscriber); // each as it ends, no more than the subscriber asks for
        return subscriber.items();
    }
}
