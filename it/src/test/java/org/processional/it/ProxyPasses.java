// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.export;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.processional.Call;
import org.processional.Proxy;
import org.processional.it.ProxyModel.Handle;
import org.processional.it.ProxyModel.Item;
import org.processional.it.ProxyModel.Place;

/**
 * Steps that make objects, pass them on, and give them up.
 *
 * <p><b>Threads:</b> one.
 */
final class ProxyPasses extends ProxyStep {
    ProxyPasses(ProxyModel model, Random random, Lock crossing) {
        super(model, random, crossing);
    }

    // ---- new objects

    private void keep(Proxy<Vault.Thing> proxy, Place owner, long id, boolean exported) {
        Place master = model.master();
        Item item = new Item(owner, ProxyModel.number(proxy), id, exported);
        Handle handle = new Handle(model.nextId(), item, master, true);
        Vault.HERE.put(handle.id, proxy, null);
        model.add(handle, true);
        model.log("that is " + handle);
    }

    void wrap() throws Exception {
        Place at = model.slave(random);
        long id = model.nextId();
        attempt("wrap at " + at, about(at), () -> {
            keep(at.process.wrap(() -> new Vault.Thing(id)), at, id, false);
            return true;
        });
    }

    void exportHere() {
        long id = model.nextId();
        model.log("export here");
        keep(export(new Vault.Thing(id)), model.master(), id, true);
    }

    void exportThere() throws Exception {
        Place at = model.slave(random);
        long id = model.nextId();
        long kept = random.nextBoolean() ? model.nextId() : 0;
        int way = random.nextInt(WAYS);
        boolean thrown = random.nextInt(4) == 0;
        attempt("export at " + at, about(at), () -> {
            Proxy<Vault.Thing> proxy = received(thrown, at, way, () -> Vault.HERE.make(id, kept));
            Item item = new Item(at, ProxyModel.number(proxy), id, true);
            if (kept != 0) {
                model.add(new Handle(kept, item, at, true), true);
            }
            keep(proxy, at, id, true);
            return true;
        });
    }

    /** What comes back as a result, or in an exception. */
    private static Proxy<Vault.Thing> received(boolean thrown, Place at, int way, Call<Object, RuntimeException> call) {
        if (!thrown) {
            return Vault.unpack(run(at, way, call));
        }
        try {
            Object none = run(at, way, () -> Vault.HERE.fail(call.call()));
            throw new AssertionError("no failure but " + none);
        } catch (Vault.Carrier e) {
            return Vault.unpack(e.message);
        }
    }

    // ---- passing on

    void pass() throws Exception {
        Handle handle = model.use(random, each -> true);
        if (handle == null) {
            return;
        }
        Place from = handle.at;
        Handle beside = random.nextBoolean() ? model.use(random, each -> each.at == from) : null;
        List<Place> others = model.places();
        others.remove(from);
        Place to = others.get(random.nextInt(others.size()));
        Handle made = new Handle(model.nextId(), handle.item, to, handle.item.owner() != to);
        Set<Place> about = about(from, to, handle.item.owner());
        if (beside != null) {
            about.add(beside.item.owner());
        }
        int way = random.nextInt(WAYS);
        int form = random.nextInt(Vault.FORMS);
        int how = random.nextInt(4);
        String what = "pass " + handle + " as " + made.id + " to " + to + " with " + beside + " way " + way + " form "
                + form + " how " + how;
        boolean done = attempt(what, about, () -> {
            long other = beside == null ? 0 : beside.id;
            return from.process == null
                    ? give(handle.id, other, form, to, made.id, way, how)
                    : to.process == null
                            ? take(handle.id, other, form, from, made.id, way, how)
                            : exchange(handle.id, other, form, from, to, made.id, way, how);
        });
        model.add(made, done);
        model.unuse(Arrays.asList(handle, beside));
    }

    private static boolean give(long handle, long beside, int form, Place to, long as, int way, int how) {
        Object message = Vault.HERE.pack(handle, beside, form);
        return switch (how) {
            case 0 -> run(to, way, () -> Vault.HERE.put(as, message, null));
            case 1 -> run(to, way, () -> Vault.HERE.put(as, message, message));
            case 2 -> to.vault.<Boolean, RuntimeException>call(it -> it.put(as, message, null));
            default -> to.vault.schedule(it -> it.put(as, message, message)).await();
        };
    }

    private static boolean take(long handle, long beside, int form, Place from, long as, int way, int how) {
        return switch (how) {
            case 0, 1 ->
                Vault.HERE.put(as, received(how == 1, from, way, () -> Vault.HERE.pack(handle, beside, form)), null);
            case 2 ->
                Vault.HERE.put(
                        as, from.vault.<Object, RuntimeException>call(it -> it.pack(handle, beside, form)), null);
            default -> run(from, way, () -> Vault.HERE.pass(handle, beside, form, 0, as));
        };
    }

    private boolean exchange(long handle, long beside, int form, Place from, Place to, long as, int way, int how) {
        int target = to.index;
        int source = from.index;
        boolean crosses = way != BESIDE;
        if (crosses) {
            crossing.lock();
        }
        try {
            return how % 2 == 0
                    ? run(from, way, () -> Vault.HERE.pass(handle, beside, form, target, as))
                    : run(to, way, () -> Vault.HERE.fetch(handle, beside, form, source, as));
        } finally {
            if (crosses) {
                crossing.unlock();
            }
        }
    }

    void drop() throws Exception {
        Handle handle = model.take(random);
        if (handle == null) {
            return;
        }
        long id = handle.id;
        boolean closed = random.nextBoolean();
        int way = random.nextInt(WAYS);
        attempt(
                (closed ? "close " : "drop ") + handle,
                about(handle.at),
                () -> closed
                        ? run(handle.at, way, () -> Vault.HERE.close(id))
                        : run(handle.at, way, () -> Vault.HERE.drop(id)));
    }
}
