// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import static org.processional.Processional.export;
import static org.processional.Processional.scope;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.processional.Proxy;
import org.processional.ProxyScope;
import org.processional.SlaveProcess;

/**
 * What is done with objects of other processes, and with objects of this one from there.
 *
 * <p><b>Threads:</b> stateless.
 */
final class ObjectSteps {
    static final List<Step> ALL = List.of(
            new Step("proxies", 8, ObjectSteps::proxies),
            new Step("dropped proxies", 4, ObjectSteps::dropped),
            new Step("named objects", 3, ObjectSteps::named),
            new Step("callbacks", 8, ObjectSteps::callbacks));

    private ObjectSteps() {}

    private static void proxies(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        int size = 1 + random.nextInt(1000);
        long sum = (long) size * (size - 1) / 2;
        Burst burst = new Burst(stage.ledger(), "proxies");
        stage.ledger().count(Ledger.Thing.OBJECT);
        try (Proxy<List<Long>> list = process.wrap(() -> Functions.list(size))) {
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                switch (random.nextInt(5)) {
                    case 0 -> burst.invoked(size, () -> list.<Integer, RuntimeException>call(List::size));
                    case 1 -> burst.returning(sum, () -> list.schedule(Functions::sumOfList));
                    case 2 -> burst.invoked(size, () -> list.stub().size());
                    case 3 ->
                        burst.invoked(
                                sum,
                                () -> process.<Long, RuntimeException>invoke(() -> Functions.sumOfList(list.get())));
                    default -> burst.invoked(sum, () -> Functions.sumOfList(list.get()));
                }
            }
            burst.settle(); // before the proxy is closed
        }
    }

    /** What nobody closes goes with the collector, or with its scope. */
    @SuppressWarnings("try") // the scope is there to end, and nobody calls it
    private static void dropped(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        int size = random.nextInt(10);
        Burst burst = new Burst(stage.ledger(), "dropped proxies");
        for (int i = random.nextInt(4); i > 0; i--) {
            stage.ledger().count(Ledger.Thing.OBJECT);
            Proxy<List<Long>> forgotten = process.wrap(() -> Functions.list(size));
            burst.invoked(size, () -> forgotten.<Integer, RuntimeException>call(List::size));
        }
        try (ProxyScope all = scope()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                stage.ledger().count(Ledger.Thing.OBJECT);
                Proxy<List<Long>> closedAtTheEnd = process.wrap(() -> Functions.list(size));
                burst.invoked(size, () -> closedAtTheEnd.<Integer, RuntimeException>call(List::size));
            }
        }
    }

    private static void named(Stage stage, Random random) {
        SlaveProcess server = stage.server(random);
        String name = "soak-" + random.nextLong();
        int size = random.nextInt(100);
        Burst burst = new Burst(stage.ledger(), "named objects");
        stage.ledger().count(Ledger.Thing.OBJECT);
        server.wrap(name, () -> Functions.list(size)).close();
        try (SlaveProcess client = stage.connect(server);
                Proxy<List<Long>> found = client.named(name)) {
            burst.invoked(size, () -> found.<Integer, RuntimeException>call(List::size));
        }
        if (!server.remove(name)) {
            stage.ledger().wrong("named objects: the name is gone");
        }
    }

    private static void callbacks(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        AtomicLong count = new AtomicLong();
        Burst burst = new Burst(stage.ledger(), "callbacks");
        stage.ledger().count(Ledger.Thing.OBJECT);
        Functions.Counter counter = count::incrementAndGet;
        try (Proxy<Functions.Counter> proxy = export(counter, MethodHandles.lookup())) {
            int times = 1 + random.nextInt(8);
            boolean waits = random.nextBoolean(); // on this thread then, else on the pool
            if (waits) {
                burst.invoked(
                        (long) times,
                        () -> process.<Long, RuntimeException>invoke(() -> Functions.count(proxy, times)));
            } else {
                burst.returning((long) times, () -> process.schedule(() -> Functions.count(proxy, times)));
            }
            burst.settle();
        }
    }
}
