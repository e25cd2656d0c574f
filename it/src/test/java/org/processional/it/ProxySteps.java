// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.Task;
import org.processional.it.ProxyModel.Handle;
import org.processional.it.ProxyModel.Place;

/**
 * Random steps of one thread: does them, and tells the model.
 *
 * <p><b>Threads:</b> one.
 */
final class ProxySteps extends ProxyStep {
    private final ProxyPasses passes;

    ProxySteps(ProxyModel model, Random random, Lock crossing) {
        super(model, random, crossing);
        this.passes = new ProxyPasses(model, random, crossing);
    }

    /** Does one. */
    void step() throws Exception {
        int dice = random.nextInt(100);
        if (dice < 10) {
            passes.wrap();
        } else if (dice < 18) {
            passes.exportHere();
        } else if (dice < 27) {
            passes.exportThere();
        } else if (dice < 53) {
            passes.pass();
        } else if (dice < 66) {
            passes.drop();
        } else if (dice < 82) {
            walk();
        } else if (dice < 90) {
            leave();
        } else if (dice < 95) {
            leaveResult();
        } else {
            fail();
        }
    }

    // ---- calls

    private void walk() throws Exception {
        Handle first = model.use(random, each -> true);
        if (first == null) {
            return;
        }
        Place start = first.at;
        List<Handle> path = new ArrayList<>(List.of(first));
        for (int more = pick(0, 0, 1, 2, 4); more > 0; more--) {
            Handle next = model.use(random, each -> each.at == start);
            if (next != null) { // else it dies now
                path.add(next);
            }
        }
        List<Long> ids = new ArrayList<>();
        Set<Place> about = about(start);
        for (Handle handle : path) {
            ids.add(handle.id);
            about.add(handle.item.owner());
        }
        int way = random.nextInt(WAYS);
        boolean hopeless = model.isOneDead(about);
        crossing.lock();
        try {
            boolean done = attempt("walk way " + way + " " + path, about, () -> {
                List<Vault.Answer> answers = run(start, way, () -> Vault.HERE.walk(ids));
                new ProxyPath(start, path, way != INVOKED).check(answers);
                return true;
            });
            assertThat(done && hopeless).as("called the dead: %s", path).isFalse();
        } finally {
            crossing.unlock();
            model.unuse(path);
        }
    }

    /** Functions that are scheduled and cancelled, or never asked for their results. */
    private void leave() throws Exception {
        Handle handle = model.use(random, each -> each.at.process == null);
        Place at = model.slave(random);
        if (handle == null) {
            return;
        }
        Handle beside = model.use(random, each -> each.at.process == null);
        int form = random.nextInt(Vault.FORMS);
        int how = random.nextInt(4);
        int end = random.nextInt(5);
        Place owner = handle.item.owner();
        attempt("leave " + handle + " at " + at + " how " + how + " end " + end, about(at, owner), () -> {
            Object message = Vault.HERE.pack(handle.id, beside.id, form);
            Proxy<Vault.Thing> proxy = Vault.HERE.get(handle.id);
            boolean isLeaf = owner == at || owner.process == null || handle.item.exported();
            Task<?> task = switch (how) {
                case 0 -> at.process.schedule(() -> message);
                case 1 -> at.process.thread(() -> Vault.HERE.fail(message));
                case 2 -> proxy.schedule(it -> it.take(message));
                default ->
                    isLeaf
                            ? at.process.schedule(() -> proxy.<Object, RuntimeException>call(it -> it.take(message)))
                            : at.process.schedule(() -> proxy.schedule(it -> it.take(message)) == null);
            };
            end(task, end);
            return true;
        });
        model.unuse(List.of(handle, beside));
    }

    private static void end(Task<?> task, int how) {
        switch (how) {
            case 0 -> task.cancel(false);
            case 1 -> task.cancel(true);
            case 2 -> task.interrupt();
            case 3 -> task.isDone();
            default -> task.toCompletableFuture();
        }
    }

    private void leaveResult() throws Exception {
        Place at = model.slave(random);
        long id = model.nextId();
        int end = random.nextInt(5);
        boolean fails = random.nextBoolean();
        attempt("leave a result at " + at + " end " + end, about(at), () -> {
            Task<?> task = fails
                    ? at.process.schedule(() -> Vault.HERE.fail(Vault.HERE.make(id, 0)))
                    : at.process.schedule(() -> Vault.HERE.make(id, 0));
            end(task, end);
            return true;
        });
    }

    /** What cannot be written or read takes its proxies along. */
    private void fail() throws Exception {
        Handle handle = model.use(random, each -> true);
        if (handle == null) {
            return;
        }
        Place at = handle.at;
        Place to = at.process == null ? model.slave(random) : at;
        long id = handle.id;
        boolean written = random.nextBoolean();
        boolean first = random.nextBoolean();
        attempt(
                "fail with " + handle + " to " + to + (written ? ", written" : ""),
                about(to, handle.item.owner()),
                () -> {
                    try {
                        if (at.process == null) {
                            Object message = Broken.with(id, written, first);
                            run(to, INVOKED, () -> message != null);
                        } else {
                            run(at, INVOKED, () -> Broken.with(id, written, first));
                        }
                    } catch (CodecException e) {
                        return true;
                    }
                    throw new AssertionError("this cannot travel");
                });
        model.unuse(List.of(handle));
    }

    /** A message that cannot travel. */
    private static final class Broken {
        static Object with(long handle, boolean written, boolean first) {
            Object proxy = Vault.HERE.get(handle);
            Object bad = written ? new Bomb() : new Object();
            return first ? new ArrayList<>(List.of(bad, proxy)) : new ArrayList<>(List.of(proxy, bad));
        }
    }
}
