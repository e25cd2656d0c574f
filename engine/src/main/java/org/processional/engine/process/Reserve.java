// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;

/**
 * Slaves of the same options that have started and wait to be handed out. The first call of {@code slave} with the
 * options starts its own, and has the reserve filled; the next ones take from it. When nobody has taken for a while, the
 * reserve is closed, until somebody asks again. Those that wait are slaves like others: they end with this process.
 *
 * <p><b>Threads:</b> {@code slave} from any thread; a daemon for each reserve starts slaves and closes them. It calls
 * nothing with the lock held.
 */
final class Reserve {
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Map<SlaveOptions, Reserve> ALL = new ConcurrentHashMap<>();

    /** Starts a slave. */
    @FunctionalInterface
    interface Start {
        SlaveProcess start(SlaveOptions options);
    }

    private final SlaveOptions options;
    private final Start start;
    private final long idleNanos;
    private final ArrayDeque<SlaveProcess> ready = new ArrayDeque<>(); // guarded by this, as all below
    private long lastNanos; // when somebody asked
    private boolean failed; // the last start; nobody has asked since
    private boolean running; // the daemon

    Reserve(SlaveOptions options, Start start, Duration idle) {
        this.options = options;
        this.start = start;
        this.idleNanos = idle.toNanos();
    }

    /** A slave of the reserve of these options, or where that is empty one that is started now. */
    static SlaveProcess slave(SlaveOptions options) {
        Reserve reserve = ALL.get(options);
        if (reserve == null) {
            Reserve made = new Reserve(options, Processes::fresh, IDLE);
            Reserve other = ALL.putIfAbsent(options, made);
            reserve = other == null ? made : other;
        }
        return reserve.take();
    }

    SlaveProcess take() {
        SlaveProcess taken = poll();
        try {
            return taken == null ? start.start(options) : taken;
        } finally {
            fill(); // not before: a start that is awaited has the processors for itself
        }
    }

    /** One that waits, and lives; null if there is none. */
    private @Nullable SlaveProcess poll() {
        while (true) {
            SlaveProcess next;
            synchronized (this) {
                next = ready.poll();
            }
            if (next == null || next.isOpen() && next.exitCode().isEmpty()) {
                return next;
            }
            Log.engine().info("{} died while it waited in the reserve", next);
            next.terminate();
        }
    }

    private synchronized void fill() {
        lastNanos = EngineTime.nanos();
        failed = false;
        if (!running) {
            Thread daemon = Daemons.make("processional-reserve-" + options.name(), new Runnable() {
                @Override
                public void run() {
                    keep();
                }
            });
            daemon.setContextClassLoader(Thread.currentThread().getContextClassLoader()); // of who starts slaves
            try {
                daemon.start();
                running = true;
            } catch (OutOfMemoryError e) { // no more threads: who asks has a slave nevertheless
                Log.engine().warn("the reserve of {} is not filled", options.name(), e);
            }
        }
        notifyAll();
    }

    private void keep() {
        while (awaitWork()) {
            SlaveProcess started = startOne();
            synchronized (this) {
                if (started == null) {
                    failed = true; // until somebody asks, who then learns the reason
                } else {
                    ready.add(started);
                }
            }
        }
    }

    /** Waits until a slave is missing; false if nobody has asked for long: what waits is closed then. */
    private boolean awaitWork() {
        List<SlaveProcess> old = new ArrayList<>();
        synchronized (this) {
            while (failed || ready.size() >= options.reserve()) {
                long left = idleNanos - (EngineTime.nanos() - lastNanos);
                boolean interrupted = false;
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, EngineTime.system(Math.max(0, left)));
                } catch (InterruptedException e) {
                    interrupted = true; // by nobody of ours
                }
                if (left <= 0 || interrupted) {
                    running = false;
                    old.addAll(ready);
                    ready.clear();
                    break;
                }
            }
            if (running) {
                return true;
            }
        }
        for (SlaveProcess each : old) {
            each.close();
        }
        return false;
    }

    /** Starts a slave, and has it run something: what a first function needs is loaded then. */
    private @Nullable SlaveProcess startOne() {
        SlaveProcess started = null;
        try {
            started = start.start(options);
            started.<Boolean, RuntimeException>invoke((Call<Boolean, RuntimeException>) () -> true);
            return started;
        } catch (RuntimeException | Error e) {
            Log.engine().warn("no slave for the reserve of {}", options.name(), e);
            if (started != null) {
                started.terminate();
            }
            return null;
        }
    }
}
