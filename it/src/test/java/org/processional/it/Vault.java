// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.export;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.Proxy;

/**
 * Where each process of {@link ProxyModelTest} keeps its proxies, by numbers that the model gives out.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Vault {
    /** That of this process. */
    static final Vault HERE = new Vault();

    /** Shapes of messages that a proxy travels in: {@link #pack}. */
    static final int FORMS = 7;

    private static final Map<Integer, Proxy<Vault>> OTHERS = new ConcurrentHashMap<>();

    private final Map<Long, Proxy<Thing>> kept = new ConcurrentHashMap<>();

    private Vault() {}

    // ---- what is called

    /** Says where it was called. */
    static final class Thing {
        final long id;

        Thing(long id) {
            this.id = id;
        }

        List<Answer> walk(List<Proxy<Thing>> rest) {
            List<Answer> all = new ArrayList<>();
            all.add(Answer.here(id));
            all.addAll(onward(rest));
            return all;
        }

        /** Gives back what came. */
        Object take(Object message) {
            return message;
        }
    }

    /** Who was called, in which process and thread. */
    record Answer(long thing, long pid, String thread) implements Serializable {
        static Answer here(long thing) {
            return new Answer(
                    thing, ProcessHandle.current().pid(), Thread.currentThread().getName());
        }
    }

    /** A failure with a proxy in it. */
    static final class Carrier extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // a proxy travels in place of what it holds
        final Object message;

        Carrier(Object message) {
            super("carries " + message.getClass().getSimpleName());
            this.message = message;
        }
    }

    /** A proxy in two places. */
    record Pair(Proxy<Thing> one, Proxy<Thing> two) implements Serializable {}

    // ---- what the model asks for

    private static List<Answer> onward(List<Proxy<Thing>> path) {
        if (path.isEmpty()) {
            return List.of();
        }
        List<Proxy<Thing>> rest = new ArrayList<>(path.subList(1, path.size()));
        return path.get(0).call(it -> it.walk(rest));
    }

    /** Calls an object, which calls the next one, and so on; the first answer is that of the caller. */
    List<Answer> walk(List<Long> handles) {
        List<Answer> all = new ArrayList<>();
        all.add(Answer.here(0));
        all.addAll(onward(all(handles)));
        return all;
    }

    private List<Proxy<Thing>> all(List<Long> handles) {
        List<Proxy<Thing>> path = new ArrayList<>();
        handles.forEach(handle -> path.add(get(handle)));
        return path;
    }

    Proxy<Thing> get(long handle) {
        Proxy<Thing> proxy = kept.get(handle);
        if (proxy == null) {
            throw new IllegalStateException("no handle " + handle + " here");
        }
        return proxy;
    }

    /**
     * A message with a proxy.
     *
     * @param beside another one, which may go with it; never where 0
     */
    Object pack(long handle, long beside, int form) {
        Proxy<Thing> proxy = get(handle);
        Proxy<Thing> other = beside == 0 ? proxy : get(beside);
        return switch (form) {
            case 0, 1 -> proxy;
            case 2 -> new ArrayList<>(List.of(proxy));
            case 3 -> new Pair(proxy, proxy);
            case 4 -> List.of(other, proxy, other, proxy);
            case 5 -> Map.of("the proxy", proxy);
            default -> new Object[] {other, proxy};
        };
    }

    @SuppressWarnings("unchecked")
    static Proxy<Thing> unpack(Object message) {
        if (message instanceof Pair pair) {
            return pair.two;
        }
        if (message instanceof Map<?, ?> map) {
            return unpack(map.values());
        }
        if (message instanceof Object[] array) {
            return unpack(array[1]);
        }
        if (message instanceof Collection<?> all) {
            Object last = null;
            for (Object each : all) {
                last = each;
            }
            return (Proxy<Thing>) last;
        }
        return (Proxy<Thing>) message;
    }

    /** Throws what it is to give. */
    Object fail(Object message) {
        throw new Carrier(message);
    }

    /** Keeps the proxy of a message; what else came in the call is dropped. */
    boolean put(long handle, Object message, Object again) {
        kept.put(handle, unpack(message));
        return again != null;
    }

    /** Hands a proxy to another process, which keeps it. */
    boolean pass(long handle, long beside, int form, int to, long as) {
        Object message = pack(handle, beside, form);
        return OTHERS.get(to).<Boolean, RuntimeException>call(it -> it.put(as, message, message));
    }

    /** Asks another process for a proxy of its own, and keeps it. */
    boolean fetch(long handle, long beside, int form, int from, long as) {
        Object message = OTHERS.get(from).<Object, RuntimeException>call(it -> it.pack(handle, beside, form));
        return put(as, message, message);
    }

    /** Exports a new object. */
    Object make(long id, long handle) {
        Proxy<Thing> proxy = export(new Thing(id));
        if (handle != 0) {
            kept.put(handle, proxy);
        }
        return proxy;
    }

    boolean close(long handle) {
        kept.remove(handle).close();
        return true;
    }

    /** Leaves it to the collector. */
    boolean drop(long handle) {
        return kept.remove(handle) != null;
    }

    boolean clear() {
        kept.clear();
        return true;
    }

    Set<Long> handles() {
        return new TreeSet<>(kept.keySet());
    }

    /** The vault of another process. */
    static boolean know(int index, Proxy<Vault> other) {
        OTHERS.put(index, other);
        return true;
    }

    static void knowNobody() {
        OTHERS.clear();
    }
}
