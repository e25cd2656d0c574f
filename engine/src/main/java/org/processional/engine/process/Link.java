// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.ConnectionException;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.engine.Log;
import org.processional.engine.peer.CodeOffer;
import org.processional.engine.peer.Farewell;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.Killer;
import org.processional.engine.peer.OutgoingPeer;
import org.processional.engine.peer.Peer;
import org.processional.engine.peer.ProcessCalls;
import org.processional.engine.peer.Reading;
import org.processional.engine.peer.SlaveLog;
import org.processional.engine.task.Completions;
import org.processional.engine.task.Durations;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Transport;

/**
 * What connects this process to another, and the other's JVM if it was started here: one owner for everything that must
 * be ended together.
 *
 * <p><b>Threads:</b> everything from any thread; {@code end} of several threads waits for the first.
 */
final class Link implements OutgoingPeer.Owner {
    /** Learns of the end of the process, and says what follows. */
    interface Supervisor {
        /** What comes next, in words; empty for nothing. */
        String whatFollows();

        /** The connection has ended, and what was pending has failed. */
        void lost(@Nullable SlaveDiedException death);
    }

    /** How long an end waits for the user's logging. */
    private static final Duration LOG_TIME = Duration.ofSeconds(1);

    private static final Set<Link> TIED = ConcurrentHashMap.newKeySet();

    private final String address;
    private final String secret;
    private final @Nullable SlaveJvm jvm;
    private final boolean endsWithUs; // a slave, not a server
    private final @Nullable Duration silenceLimit;
    private final @Nullable SlaveLog log; // null: it logs for itself
    private final @Nullable Reading reading;
    private final Peer peer;
    private final ReentrantLock endLock = new ReentrantLock(); // taken first, before any other lock
    private boolean ended; // guarded by endLock
    private volatile boolean detached; // written by detached
    private volatile @Nullable Supervisor supervisor; // written by supervise
    private volatile boolean tied; // written by tie
    private final AtomicReference<@Nullable KilledFor> killedFor = new AtomicReference<>(); // set by who kills it
    private final Inquest inquest = new Inquest();

    /** The task because of which the process was killed, and what was wrong with it. */
    private record KilledFor(String task, String why) {}

    Link(
            String address,
            Connection connection,
            @Nullable Reading reading,
            Handshake.Terms terms,
            Duration limit,
            @Nullable SlaveJvm jvm,
            boolean endsWithUs,
            CodeOffer offer,
            @Nullable Duration silenceLimit,
            @Nullable SlaveLog log)
            throws IOException {
        this.address = address;
        this.secret = terms.secret();
        this.jvm = jvm;
        this.endsWithUs = endsWithUs;
        this.silenceLimit = silenceLimit == null ? null : Durations.cut(silenceLimit);
        this.log = log;
        this.reading = reading;
        this.peer = OutgoingPeer.connect(connection, reading, terms, limit, this, offer);
    }

    /** A connection that no user has a handle on: it lasts as long as both processes, and keeps neither alive. */
    static void tie(
            String address, Connection connection, @Nullable Reading reading, Handshake.Terms terms, Duration limit)
            throws IOException {
        Link tied = new Link(
                address,
                connection,
                reading,
                terms.as(Handshake.Role.TIE),
                limit,
                null,
                false,
                new CodeOffer(CodeOffer.Policy.ALL),
                null,
                null);
        TIED.add(tied);
        tied.tied = true;
        if (!tied.isOpen()) {
            tied.lost();
        }
    }

    /** A connection to a JVM that makes an archive of class data: it ends when the connection does. */
    static Link toTrainee(Transport transport, Address address, Handshake.Terms terms, Duration limit)
            throws IOException {
        Connection connection = transport.connect(address, Processes.ATTEMPT);
        Reading reading = null;
        Link link = null;
        try {
            reading = Reading.of(transport);
            link = new Link(
                    address.toString(),
                    connection,
                    reading,
                    terms,
                    limit,
                    null,
                    false,
                    new CodeOffer(CodeOffer.Policy.NONE),
                    null,
                    null);
            return link;
        } finally {
            if (link == null) {
                Processes.closeQuietly(connection, reading);
            }
        }
    }

    void supervise(Supervisor by) {
        supervisor = by;
        if (!isOpen()) {
            Completions.run(this::lost); // it may have been lost before anybody could be told; twice does no harm
        }
    }

    @Override
    public void lost() {
        Supervisor by = supervisor;
        if (by != null && jvm != null) {
            by.lost(death(jvm, peer));
        }
        if (tied) {
            end(Duration.ZERO);
            TIED.remove(this);
        }
    }

    /** How another process can connect to the one at the other end. */
    Invitation invitation(ProcessCalls calls) {
        if (!endsWithUs) {
            return new Invitation(peer.partner().id(), address, secret);
        }
        String reachedAt = address;
        return calls.<Invitation>thread((Call<Invitation, IOException>) () -> Invitation.issue(reachedAt))
                .await();
    }

    Peer peer() {
        return peer;
    }

    String address() {
        return address;
    }

    boolean isOpen() {
        return peer.isOpen();
    }

    String describe() {
        return describe(peer);
    }

    private String describe(Peer of) {
        return "process " + of.partner().pid() + " at " + address;
    }

    Optional<Integer> exitCode() {
        return jvm == null ? Optional.empty() : jvm.exitCode();
    }

    void detached() {
        detached = true;
        if (jvm != null) {
            jvm.detach();
        }
    }

    @Override
    public Throwable explain(Peer of, Throwable why) {
        if (why instanceof SlaveClosedException) {
            return why;
        }
        SlaveDiedException known = jvm == null ? null : death(jvm, of);
        if (known != null) {
            return known;
        }
        return new ConnectionException("the connection to " + describe(of) + " was lost: " + reason(of, why), why);
    }

    private String whatFollows() {
        Supervisor by = supervisor;
        return by == null ? "" : by.whatFollows();
    }

    private static String reason(Peer of, Throwable why) {
        Farewell farewell = of.farewell();
        if (farewell != null) {
            return "it has ended: " + farewell.text();
        }
        return why instanceof ConnectionException ? String.valueOf(why.getMessage()) : "it has ended, or closed it";
    }

    @Override
    public @Nullable Duration silenceLimit() {
        return silenceLimit;
    }

    @Override
    public @Nullable SlaveLog log() {
        return log;
    }

    @Override
    public boolean endSilent(String why) {
        if (jvm == null) {
            return false;
        }
        jvm.kill(why); // the end of the connection follows
        return true;
    }

    /** The same for all who ask, while what it ran is still pending. */
    private @Nullable SlaveDiedException death(SlaveJvm slave, Peer of) {
        return inquest.ask(wait -> {
            KilledFor because = killedFor.get();
            return slave.death(wait, of.running(), of.farewell(), whatFollows())
                    .map(died -> because == null ? died : because(died, because))
                    .orElse(null);
        });
    }

    private static SlaveDiedException because(SlaveDiedException died, KilledFor killed) {
        return new SlaveDiedException(
                "killed because of " + killed.task + ", which " + killed.why + ": " + died.getMessage(),
                died.death(),
                killed.task);
    }

    @Override
    public @Nullable Killer killer() {
        SlaveJvm started = jvm;
        return started == null ? null : (task, why) -> kill(started, task, why);
    }

    private void kill(SlaveJvm started, String task, String why) {
        if (started.isAlive() && peer.isOpen() && killedFor.compareAndSet(null, new KilledFor(task, why))) {
            Log.engine().info("{} is killed because of {}, which {}", describe(), task, why);
            started.kill("a task of it did not end");
            peer.killed();
        }
    }

    /** Ends the connection, after what is pending has finished or the limit is over; and the slave. */
    void end(Duration limit) {
        lockEnd();
        try {
            if (!ended) {
                ended = true;
                endAll(limit);
            }
        } finally {
            endLock.unlock();
        }
    }

    /** An interrupt ends the wait for another thread that waits for what is pending: both have waited enough. */
    private void lockEnd() {
        if (endLock.tryLock()) {
            return;
        }
        try {
            endLock.lockInterruptibly();
        } catch (InterruptedException e) {
            peer.close();
            endLock.lock();
            Thread.currentThread().interrupt();
        }
    }

    private void endAll(Duration limit) {
        if (detached) {
            peer.settle(limit); // what was scheduled goes on without us
        } else if (!peer.awaitIdle(limit) && !limit.isZero()) {
            String what = Thread.currentThread().isInterrupted() ? "before an interrupt" : "within " + limit;
            Log.engine().warn("{} did not finish its tasks {}; they fail", describe(), what);
        }
        peer.close();
        if (reading != null) {
            reading.close();
        }
        if (log != null && !limit.isZero()) {
            log.await(LOG_TIME);
        }
        if (jvm != null) {
            jvm.closePipe(); // also for a server: a JVM whose thread is blocked in reading takes 300 ms to exit
            if (endsWithUs && !detached) {
                endSlave(jvm);
            }
        }
    }

    /** Ends the connection alone: it turned out to be one to somebody else. */
    void leave() {
        peer.close();
    }

    /** The slave ends by itself when its connection does; if it does not, it is killed. */
    private static void endSlave(SlaveJvm slave) {
        boolean gone = false;
        try {
            gone = slave.awaitExit(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // killed at once, then
        }
        if (gone) {
            slave.sweep();
        } else {
            slave.kill("it did not end by itself within 2 s of close()");
        }
    }

    /** Kills the process if it was started here, and ends the connection, also where another thread drains it. */
    void terminate() {
        if (jvm != null) {
            jvm.kill("terminate() was called");
        }
        peer.close();
        end(Duration.ZERO);
    }
}
