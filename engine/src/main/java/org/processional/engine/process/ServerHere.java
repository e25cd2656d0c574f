// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.time.Duration;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.engine.peer.Service;
import org.processional.engine.task.Completions;
import org.processional.engine.task.Durations;

/**
 * This process as a server, with a main thread of its own.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class ServerHere implements Server, Service.Owner {
    /**
     * For functions that heed the interrupt, and for what they tell their clients, also if the close limit is shorter. On a
     * busy host that takes longer than one thinks; only what heeds nothing is waited for so long.
     */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final String address;
    private final Duration closeLimit;
    private volatile boolean persistent; // whether it stays when its last client leaves
    private final Thread main;
    private volatile Service service; // written once, before the main thread starts
    private volatile Acceptor acceptor; // written once, before the main thread starts

    @SuppressWarnings("NullAway.Init") // serve() completes it
    ServerHere(String address, ServeOptions options) {
        this.address = address;
        this.closeLimit = Durations.cut(options.closeLimit());
        this.persistent = !options.endsWithLastClient();
        this.main = new Thread("processional-main-" + options.name()) {
            @Override
            public void run() {
                service.run();
                service.flush(closeLimit.compareTo(FAREWELL) < 0 ? FAREWELL : closeLimit);
                acceptor.close();
                service.disconnect();
            }
        };
        main.setDaemon(true);
    }

    void serve(Service serving, Acceptor accepting) {
        service = serving;
        acceptor = accepting;
        try {
            main.start();
            accepting.start();
        } catch (OutOfMemoryError e) { // no more threads
            stop(); // which ends the main thread, if it has begun
            serving.disconnect();
            throw e;
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public int clients() {
        return service.clients();
    }

    @Override
    public boolean isOpen() {
        return !service.isEnding();
    }

    @Override
    public boolean await(Duration wait) {
        long nanos = Durations.nanos("wait", wait);
        try {
            if (nanos > 0) {
                main.join(Math.max(1, EngineTime.system(nanos) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for the server to end; it goes on", e);
        }
        return !main.isAlive();
    }

    @Override
    public void close() {
        stop();
        if (Thread.currentThread() == main) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        interrupted |= joinMain(EngineTime.system(closeLimit));
        if (main.isAlive()) {
            service.abandon();
            interrupted |= joinMain(FAREWELL);
            service.giveUp();
            service.disconnect();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of the main thread, at most a time; whether it was interrupted meanwhile. */
    private boolean joinMain(Duration limit) {
        try {
            main.join(Math.max(1, limit.toMillis())); // 0 would wait for ever
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    // ---- decisions of clients

    @Override
    public void detach() {
        // this process has no master
    }

    @Override
    public void persist() {
        persistent = true;
    }

    @Override
    public void stop() {
        acceptor.close();
        service.finish();
    }

    @Override
    public void left(int remaining) {
        if (remaining == 0 && !persistent) {
            Completions.run(this::close); // which waits for what runs
        }
    }
}
