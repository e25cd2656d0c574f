// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.spi.Connection;
import org.processional.spi.ObservableConnection;

/**
 * The signs of life of the other end of a connection, and what follows where there are none.
 *
 * <p><b>Threads:</b> as {@link Silence}.
 */
final class PeerSigns implements Silence.Subject {
    private final Peer peer;

    PeerSigns(Peer peer) {
        this.peer = peer;
    }

    @Override
    public boolean owes() {
        return peer.pendingRequests() > 0;
    }

    /**
     * Frames that came; bytes, since a large frame may take long; and what the other end takes while it has left no room, for
     * what the system takes otherwise says nothing of it.
     */
    @Override
    public long signs() {
        long signs = peer.arrivals().heard();
        if (peer.connection() instanceof ObservableConnection observable) {
            signs += observable.receivedBytes();
            signs += peer.isStalled() ? observable.sentBytes() : 0;
        }
        return signs;
    }

    @Override
    public void ask() {
        peer.sendControl(Frames.PING, 0, 0, null);
    }

    @Override
    public boolean isHostLost() {
        Connection connection = peer.connection();
        return connection instanceof ObservableConnection observable && observable.isHostLost();
    }

    @Override
    public void silent(Duration time) {
        Log.engine()
                .warn(
                        "{} at {} has said nothing for {} s, not even whether it is there, and {} of its tasks are pending:"
                                + " it is stopped, at a breakpoint or in a long collection, or its host is gone. It is left"
                                + " alone; the option silenceLimit would end that",
                        peer.remoteName(),
                        peer.name(),
                        time.toMillis() / 1000.0,
                        peer.pendingRequests());
    }

    @Override
    public void back(Duration silent) {
        Log.engine()
                .warn(
                        "{} at {} is back, after {} s of silence",
                        peer.remoteName(),
                        peer.name(),
                        silent.toMillis() / 1000.0);
    }

    @Override
    public void over(Duration time, boolean hostLost) {
        String why = hostLost
                ? "its host has confirmed nothing for " + seconds(time) + " that was sent to it, and is taken for dead"
                : "it was silent for " + seconds(time) + ", and the option silenceLimit is " + peer.silenceLimit();
        Completions.run(() -> peer.silentTooLong(why)); // others are watched meanwhile
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }
}
