// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Processional;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SharedMemory;
import org.processional.SlaveClosedException;
import org.processional.SlaveProcess;
import org.processional.Task;

/** What becomes of results that have come, and that nobody has read when their connection ends. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"mem", "mem-plain"})
class UnreadResultsTest {
    private static final int LARGE = 1 << 18; // elements, so that it goes by shared memory
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static volatile CountDownLatch begun = new CountDownLatch(1);

    @Parameter
    String scheme;

    private Server server;
    private SlaveProcess client;

    @BeforeEach
    void connect() {
        begun = new CountDownLatch(1);
        server = serve(
                scheme + ":unread-" + COUNT.incrementAndGet(),
                ServeOptions.builder().closeLimit(Duration.ofMillis(1)).build());
        client = client(server.address());
    }

    @AfterEach
    void disconnect() {
        client.close();
        server.close();
    }

    private static long[] numbers() {
        long[] numbers = new long[LARGE];
        Arrays.setAll(numbers, i -> i * 7L);
        return numbers;
    }

    private static int linger() throws InterruptedException {
        begun.countDown();
        new CountDownLatch(1).await();
        return 1;
    }

    private void awaitEnd(Task<?> task) {
        client.invoke(() -> {}); // reads what has come
        await().until(task::isDone);
    }

    @Test
    void aLargeOneIsReadAfterTheClose() {
        Task<long[]> task = client.schedule(UnreadResultsTest::numbers);
        awaitEnd(task);
        client.close();
        assertThat(task.await()).isEqualTo(numbers());
    }

    @Test
    void sharedMemoryIsThereAfterTheClose() {
        Task<SharedMemory> task = client.schedule(() -> {
            SharedMemory memory = Processional.sharedMemory(8);
            memory.longs(0, 1).put(0, 42);
            return memory;
        });
        awaitEnd(task);
        client.close();
        try (SharedMemory memory = task.await()) {
            assertThat(memory.longs(0, 1).get(0)).isEqualTo(42);
        }
    }

    @Test
    void aLargeOneIsReadBeforeTheServerEnds() {
        Task<long[]> task = client.schedule(UnreadResultsTest::numbers);
        awaitEnd(task);
        server.close();
        await().until(() -> !client.isOpen());
        assertThat(task.await()).isEqualTo(numbers());
    }

    private void assertToldOfTheStop(Task<Integer> task) throws InterruptedException {
        begun.await();
        server.close();
        assertThatThrownBy(task::await).isInstanceOf(SlaveClosedException.class).hasMessageContaining("stopped");
    }

    @Test
    void aTaskThatAServerStoppedSinceItEndsSaysSo() throws Exception {
        assertToldOfTheStop(client.schedule(UnreadResultsTest::linger));
    }

    @Test
    void aThreadThatAServerStoppedSinceItEndsSaysSo() throws Exception {
        assertToldOfTheStop(client.thread(UnreadResultsTest::linger));
    }

    /** What takes long to encode. */
    private static final class Slow implements Serializable {
        private static final long serialVersionUID = 1;
        private static volatile CountDownLatch encoding = new CountDownLatch(1);
        private static volatile CountDownLatch goOn = new CountDownLatch(1);

        @SuppressWarnings("serial") // called by serialization
        private Object writeReplace() throws InterruptedException {
            encoding.countDown();
            goOn.await();
            return "slow";
        }
    }

    @Test
    void aServerThatEndsWaitsForTheAnswersOfItsThreads() throws Exception {
        try (Server patient = serve(scheme + ":patient-" + COUNT.incrementAndGet());
                SlaveProcess of = client(patient.address())) {
            Slow.encoding = new CountDownLatch(1);
            Slow.goOn = new CountDownLatch(1);
            Task<Object> task = of.thread(() -> new Slow());
            Slow.encoding.await();
            Thread closing = new Thread(patient::close);
            closing.start();
            await().until(() -> !patient.isOpen());
            assertThat(patient.await(Duration.ofMillis(100))).isFalse();
            Slow.goOn.countDown();
            assertThat(task.await()).isEqualTo("slow");
            closing.join();
        }
    }
}
