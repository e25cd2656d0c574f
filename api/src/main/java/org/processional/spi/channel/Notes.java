// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a wait set, and what has changed since its selector was last told.
 *
 * <p><b>Threads:</b> all methods from any thread; the lock is this object, and nothing is called with it held.
 */
final class Notes {
    /** One end in the set. */
    static final class Member {
        final ChannelEnd end;
        volatile int interest; // written under the notes
        volatile boolean gone; // written under the notes
        private boolean noted; // guarded by the notes

        @Nullable
        SelectionKey key; // guarded by the turn of the wait set

        long readyRound = -1; // waiting thread: the last wait that found it ready

        Member(ChannelEnd end, int interest) {
            this.end = end;
            this.interest = interest;
        }
    }

    private final ConcurrentHashMap<ChannelEnd, Member> members = new ConcurrentHashMap<>();
    private List<Member> changed = new ArrayList<>(); // guarded by this
    private ChannelKind kind; // guarded by this: what the selector should be
    private boolean ended; // guarded by this
    private volatile boolean pending; // written under this

    Notes(ChannelKind kind) {
        this.kind = kind;
    }

    /**
     * Adds an end, if it is not in the set.
     *
     * @return false if it was
     * @throws IOException if the set has ended, or its members are of another kind
     */
    synchronized boolean add(ChannelEnd end, int interest) throws IOException {
        if (ended) {
            throw new IOException("the wait set is closed");
        }
        if (members.isEmpty()) {
            kind = end.kind();
        } else if (kind != end.kind()) {
            throw new IOException(end + " uses the provider " + end.kind().provider()
                    + ", and the others in this wait set use " + kind.provider()
                    + "; one wait set cannot wait for both, so use addresses of one kind in a process");
        }
        Member member = new Member(end, interest);
        if (members.putIfAbsent(end, member) != null) {
            return false;
        }
        note(member);
        return true;
    }

    /** Takes an end out; false if it was not in the set. */
    synchronized boolean remove(ChannelEnd end) {
        Member member = members.remove(end);
        if (member == null) {
            return false;
        }
        member.gone = true;
        note(member);
        return true;
    }

    /** Changes what to wait for: keeps some bits of the interest and sets others; false if nothing changes. */
    synchronized boolean change(ChannelEnd end, int kept, int set) {
        Member member = members.get(end);
        if (member == null) {
            return false;
        }
        int interest = member.interest & kept | set;
        if (interest == member.interest) {
            return false;
        }
        member.interest = interest;
        note(member);
        return true;
    }

    /** Nothing can be added any more. */
    synchronized void end() {
        ended = true;
    }

    /** Whether the selector must be told something. */
    boolean pending() {
        return pending;
    }

    /**
     * Takes what has changed, and leaves an empty list in its place.
     *
     * @param empty an empty list
     */
    synchronized List<Member> take(List<Member> empty) {
        List<Member> taken = changed;
        changed = empty;
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).noted = false;
        }
        pending = false;
        return taken;
    }

    /** Notes again what could not be carried out. */
    synchronized void again(List<Member> taken) {
        for (int i = 0; i < taken.size(); i++) {
            note(taken.get(i));
        }
    }

    /** What the selector should be. */
    synchronized ChannelKind kind() {
        return kind;
    }

    @Nullable
    Member find(ChannelEnd end) {
        return members.get(end);
    }

    Collection<ChannelEnd> ends() {
        return members.keySet();
    }

    void clear() {
        members.clear();
    }

    private void note(Member member) {
        if (!member.noted) {
            member.noted = true;
            changed.add(member);
        }
        pending = true;
    }
}
