// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.Waiting;
import org.processional.engine.Log;
import org.processional.engine.filter.Filter;
import org.processional.engine.log.ToMaster;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.LogSender;
import org.processional.engine.peer.Peer;
import org.processional.engine.peer.Policy;
import org.processional.engine.peer.Reading;
import org.processional.engine.peer.Service;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Connection;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.spi.NetworkTransport;
import org.processional.spi.Transport;

/**
 * The main class of a slave: reads its orders, listens, serves its master or its clients, and ends with them.
 *
 * <p><b>Threads:</b> the main thread runs the tasks; a watcher reads standard input, whose end is that of the master; a
 * server has an acceptor besides.
 */
public final class SlaveMain implements Service.Owner {
    /** How long hooks of users may delay the end of the process. */
    private static final long EXIT_MILLIS = 500;

    /** How long the main thread has to end by itself. */
    private static final long MAIN_MILLIS = 20;

    private final StartOrders orders;
    private final InputStream masterPipe;
    private final Thread main = Thread.currentThread();
    private volatile boolean detached; // written by whoever is asked for it, or at the start
    private volatile boolean persistent; // the same
    private volatile boolean stopping; // written by whoever is asked for it
    private volatile @Nullable Acceptor acceptor; // written once, by the main thread
    private volatile @Nullable Service service; // written once, by the main thread

    private SlaveMain(StartOrders orders, InputStream masterPipe) {
        this.orders = orders;
        this.masterPipe = masterPipe;
        this.detached = orders.detached();
        this.persistent = orders.persistent();
    }

    /**
     * Runs a slave.
     *
     * @param arguments none
     * @throws IOException if the address cannot be listened at, or standard input holds no orders
     */
    public static void main(String[] arguments) throws IOException {
        InputStream pipe = System.in;
        System.setIn(new ByteArrayInputStream(new byte[0])); // the pipe is not for tasks
        StartOrders orders = StartOrders.read(pipe);
        if (!orders.log().isEmpty()) {
            ToMaster.begin(System.Logger.Level.valueOf(orders.log()), orders.ownProvider());
            atExit("processional-last-records", ToMaster::close);
        }
        try {
            new SlaveMain(orders, pipe).live();
        } catch (Throwable e) { // a thread that the initial class began would keep the JVM
            e.printStackTrace();
            haltSoon(1);
            System.exit(1);
        }
    }

    private void live() throws IOException {
        watchMaster();
        SelectorChoice.take(orders.selectors());
        Transport transport = Services.transport(orders.address(), orders.transport());
        Reading reading = Reading.of(transport);
        InputFilter filter = Filter.ofSlave(orders.filter());
        Service serving = new Service(
                reading,
                this,
                new SpinBudget(Waiting.SPIN_THEN_PARK),
                Policy.of(orders.code(), filter, orders.limits()));
        service = serving;
        runInitialClass();
        Thread.interrupted(); // what the initial class left of an interrupt is not meant for us
        Listener listener = transport.listen(orders.address());
        atExit("processional-listener-closer", listener::close);
        atExit("processional-farewell", serving::sayFarewell);
        Duration start = Duration.ofMillis(orders.startMillis());
        Handshake.Terms terms = new Handshake.Terms(
                orders.secret(),
                orders.credits(),
                orders.server() ? Services.codecs(null) : Services.codecsOfMaster(orders.codec()),
                transport instanceof NetworkTransport,
                filter);
        if (orders.server()) {
            Acceptor accepting = new Acceptor(listener, serving, terms, orders.name());
            acceptor = accepting;
            accepting.start();
            accepting.endIfNobodyComes(start, this::exit);
        } else if (terms.strangers()) {
            acceptMasterAmongStrangers(listener, serving, terms, start);
        } else {
            acceptMaster(listener, serving, terms, start);
        }
        serving.run();
        serving.flush(Duration.ofMillis(orders.closeMillis()));
        exit();
    }

    /** Whatever ends the process, a signal or a task, its address does not stay behind, and its clients learn of it. */
    private static void atExit(String name, Runnable last) {
        Thread hook = new Thread(name) {
            @Override
            public void run() {
                last.run();
            }
        };
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) { // the process is ending already
            last.run();
        }
    }

    private void acceptMaster(Listener listener, Service serving, Handshake.Terms terms, Duration limit)
            throws IOException {
        try (listener) { // one master: the address is gone as soon as it is connected
            long deadline = System.nanoTime() + limit.toNanos();
            while (true) {
                Connection connection = listener.accept(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                if (connection == null) {
                    throw new ConnectionException("no master connected within " + limit);
                }
                try {
                    Duration most = orders.limits().greeting(); // meanwhile the master waits
                    Duration greeting = limit.compareTo(most) < 0 ? limit : most;
                    serving.begin(serving.welcome(connection, terms, greeting));
                    return;
                } catch (IOException | RuntimeException e) {
                    Log.engine().warn("somebody else than the master tried to connect", e);
                }
            }
        }
    }

    /** Each is greeted in a thread of its own, so that one who says nothing does not keep the master out. */
    private void acceptMasterAmongStrangers(Listener listener, Service serving, Handshake.Terms terms, Duration limit) {
        try (Acceptor accepting = new Acceptor(listener, serving, terms, orders.name())) {
            accepting.start();
            if (!accepting.awaitFirst(limit)) {
                throw new ConnectionException("no master connected within " + limit);
            }
        }
    }

    private void runInitialClass() {
        if (orders.initialClass().isEmpty()) {
            return;
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            Class<?> type = Class.forName(orders.initialClass(), true, loader);
            Method main = findMain(type);
            if (main != null) {
                main.invoke(null, (Object) new String[0]);
            }
        } catch (ClassNotFoundException e) {
            throw new ConnectionException("initial class " + orders.initialClass() + " is not on the slave's path", e);
        } catch (IllegalAccessException e) {
            throw new ConnectionException(
                    "main of initial class " + orders.initialClass()
                            + " is not accessible; make it public and export or open its package",
                    e);
        } catch (InvocationTargetException e) {
            throw new ConnectionException("initial class " + orders.initialClass() + " failed: " + e.getCause(), e);
        }
    }

    private static @Nullable Method findMain(Class<?> type) {
        try {
            Method main = type.getMethod("main", String[].class);
            return Modifier.isStatic(main.getModifiers()) ? main : null;
        } catch (NoSuchMethodException e) {
            return null; // its initializer is all it has
        }
    }

    private void watchMaster() {
        Thread watcher = new Thread("processional-master-watcher") {
            @Override
            public void run() {
                try {
                    masterPipe.transferTo(OutputStream.nullOutputStream()); // the orders are all that is ever written
                } catch (IOException e) {
                    Log.engine().debug("the pipe from the master broke", e);
                }
                boolean starting = acceptor == null; // nobody else can be a client yet
                if (!detached && (starting || !orders.server())) {
                    exit();
                }
            }
        };
        watcher.setDaemon(true);
        watcher.start();
    }

    // ---- decisions of clients

    @Override
    public void listens(Peer peer) {
        if (!orders.server()) { // the first is the master
            ToMaster.open(new LogSender(peer));
        }
    }

    @Override
    public void detach() {
        detached = true;
    }

    @Override
    public void persist() {
        persistent = true;
    }

    @Override
    public void stop() {
        stopping = true;
        Acceptor accepting = acceptor;
        if (accepting != null) {
            accepting.close();
        }
        Service serving = service;
        if (serving != null) {
            serving.finish();
        }
    }

    @Override
    public void left(int remaining) {
        if (remaining > 0 || persistent && orders.server()) { // nobody else can come to a slave
            return;
        }
        if (!detached) {
            startOrHalt(
                    new Thread("processional-exit") {
                        @Override
                        public void run() {
                            if (stopping) {
                                awaitMain(Math.max(1, orders.closeMillis())); // it was asked to finish what is queued
                            }
                            exit();
                        }
                    },
                    0);
        } else {
            stop(); // goes on until everything has finished
        }
    }

    private void awaitMain(long millis) {
        try {
            main.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody is in a hurry
        }
    }

    /** Ends the process; hooks of users may delay it a little. */
    private void exit() {
        if (!orders.training()) { // that writes an archive at its end, which takes longer; its master waits
            haltSoon(0);
        }
        Acceptor accepting = acceptor;
        if (accepting != null) {
            accepting.close();
        }
        Service serving = service;
        if (serving != null) {
            serving.drop(); // our threads leave the system calls they wait in: a JVM gives those 300 ms before it exits
            serving.disconnect();
        }
        if (orders.training() || !endsWithMain()) {
            System.exit(0);
        }
    }

    /**
     * Whether the JVM ends by itself, with its main thread, which has nothing to do any more. From Java 21 on {@code
     * System.exit} looks for a logger first, in every jar of the path, and takes up to 100 ms for that.
     */
    private boolean endsWithMain() {
        Thread self = Thread.currentThread();
        if (self != main) {
            awaitMain(MAIN_MILLIS);
            return !main.isAlive(); // else it runs a task that does not heed its interrupt
        }
        Thread[] others = new Thread[2 * Thread.activeCount() + 16];
        int count = Thread.enumerate(others);
        for (int i = 0; i < count; i++) {
            if (!others[i].isDaemon() && others[i] != main) {
                return false; // a user's, which would keep the JVM
            }
        }
        return true;
    }

    private static void haltSoon(int code) {
        Thread guard = new Thread("processional-exit-guard") {
            @Override
            public void run() {
                try {
                    Thread.sleep(EXIT_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(code);
            }
        };
        startOrHalt(guard, code);
    }

    /** Starts a thread that sees to the end of the process; where the system has none left, the end is now. */
    private static void startOrHalt(Thread thread, int code) {
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(code);
        }
    }
}
