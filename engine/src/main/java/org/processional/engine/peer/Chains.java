// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which thread of this process works in which chain of calls. A call that comes back in a chain, and whose sender waits
 * for it, runs on that thread as soon as it waits: so that the nested calls of a chain never deadlock, and an object is
 * touched by the thread that it knows. The idea is that of Android's Binder.
 *
 * <p>Who binds a chain is its member until it leaves; requests that it did not get to run then go where they would have
 * gone without it. A second thread of the same chain is no member: it waits for its answer alone.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Chains {
    private static final AtomicLong NEXT = new AtomicLong(beginning());
    private static final ConcurrentHashMap<Long, Member> MEMBERS = new ConcurrentHashMap<>();

    private static volatile boolean used;

    private Chains() {}

    /** Far from those of other processes; no secret, and a source of those would cost a slave milliseconds. */
    private static long beginning() {
        long start = System.currentTimeMillis() * 0x9E3779B97F4A7C15L;
        return (start ^ Identity.PID) * 0xBF58476D1CE4E5B9L ^ System.nanoTime() << 20;
    }

    /** Something of this process can be called from outside. */
    static void use() {
        used = true;
    }

    /** Whether requests can come back, so that chains are needed. */
    static boolean areUsed() {
        return used;
    }

    /** A number for a new chain: unique among all processes, as far as chance goes. Never 0, which is none. */
    static long next() {
        long number = NEXT.getAndIncrement();
        return number == 0 ? next() : number;
    }

    /**
     * Binds a chain to the calling thread.
     *
     * @return what to leave with; null for no chain, or one that is bound to another thread
     */
    static @Nullable Member bind(long chain) {
        if (chain == 0) {
            return null;
        }
        Thread self = Thread.currentThread();
        Member member = MEMBERS.get(chain);
        if (member == null) {
            Member made = new Member(chain, self);
            member = MEMBERS.putIfAbsent(chain, made);
            if (member == null) {
                return made;
            }
        }
        if (member.thread != self) {
            return null;
        }
        member.depth++;
        return member;
    }

    /** Ends what {@link #bind} began. */
    static void leave(@Nullable Member member) {
        if (member == null || --member.depth > 0) {
            return;
        }
        MEMBERS.remove(member.chain, member);
        for (Request left = member.inbox.poll(); left != null; left = member.inbox.poll()) {
            left.goHome();
        }
    }

    /** The thread that a request of a chain is for; null if there is none. */
    static @Nullable Member member(long chain) {
        return chain == 0 ? null : MEMBERS.get(chain);
    }

    /** A thread that works in a chain. */
    static final class Member {
        private final long chain;
        private final Thread thread;
        private final Queue<Request> inbox = new ConcurrentLinkedQueue<>();
        private int depth = 1; // its own thread only
        private volatile @Nullable Peer reader; // written by its thread: whose connection it reads while it waits

        private Member(long chain, Thread thread) {
            this.chain = chain;
            this.thread = thread;
        }

        /**
         * Gives the thread a request.
         *
         * @return false if it has left meanwhile, and will not run it
         */
        boolean offer(Request request) {
            inbox.add(request);
            if (MEMBERS.get(chain) != this && inbox.remove(request)) {
                return false;
            }
            if (Thread.currentThread() != thread) {
                LockSupport.unpark(thread);
                Peer waitsAt = reader;
                if (waitsAt != null && !waitsAt.isReadWith(request.peer())) {
                    waitsAt.wakeReader(); // who reads the connection of the request does not wait in it now
                }
            }
            return true;
        }

        /** Whether it was bound by the innermost of those who wait. */
        boolean isNew() {
            return depth == 1;
        }

        /** Whether a chain is that of the member. */
        boolean isOf(long key) {
            return key == chain;
        }

        /** Says where the thread waits; returns where it waited before. */
        @Nullable
        Peer waitsAt(@Nullable Peer peer) {
            Peer before = reader;
            reader = peer;
            return before;
        }

        /** The next request to run; null if there is none. */
        @Nullable
        Request next() {
            return inbox.poll();
        }

        /** A task, or a request to run meanwhile. */
        Awaited or(RemoteTask<?> task) {
            return new Awaited() {
                @Override
                public boolean isDone() {
                    return task.isDone() || !inbox.isEmpty();
                }

                @Override
                public @Nullable Object enter() {
                    return task.enter();
                }

                @Override
                public void leave(@Nullable Object entry) {
                    task.leave(entry);
                }
            };
        }
    }
}
