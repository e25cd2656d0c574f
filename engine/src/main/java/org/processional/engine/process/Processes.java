// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Restart;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.WaitInterruptedException;
import org.processional.Waiting;
import org.processional.engine.EngineRandom;
import org.processional.engine.archive.ArchiveKey;
import org.processional.engine.archive.Archives;
import org.processional.engine.filter.Filter;
import org.processional.engine.log.ToMaster;
import org.processional.engine.peer.CodeOffer;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.Policy;
import org.processional.engine.peer.Reading;
import org.processional.engine.peer.Service;
import org.processional.engine.peer.SlaveLog;
import org.processional.engine.task.Durations;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Address;
import org.processional.spi.CodecProvider;
import org.processional.spi.Connection;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.spi.NetworkTransport;
import org.processional.spi.Transport;

/**
 * Makes slaves, servers and clients.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
public final class Processes {
    /** How long one attempt to connect to a process that starts may take, before it is asked whether it lives. */
    static final Duration ATTEMPT = Duration.ofMillis(20);

    private static final Duration UNLIMITED = Duration.ofDays(365);

    private static final int SECRET_BYTES = 16;

    /** A slave for this process alone; see {@link org.processional.Processional#slave}. */
    public SlaveProcess slave(SlaveOptions options) {
        Restart restart = options.restart();
        return restart == null
                ? first(options)
                : new SupervisedProcess(new Supervision(
                        options.name(),
                        restart,
                        Durations.cut(options.startLimit()),
                        generation -> generation == 0 ? first(options) : fresh(options, generation)));
    }

    private static ConnectedProcess first(SlaveOptions options) {
        return options.reserve() == 0 ? fresh(options) : (ConnectedProcess) Reserve.slave(options); // as fresh made it
    }

    /** A slave that is started now. */
    static ConnectedProcess fresh(SlaveOptions options) {
        return fresh(options, 0);
    }

    private static ConnectedProcess fresh(SlaveOptions options, int generation) {
        String given = options.secret();
        String secret = given == null ? HexFormat.of().formatHex(EngineRandom.bytes(SECRET_BYTES)) : given;
        return spawn(options, false, secret, generation);
    }

    /** A server with this process as its first client; see {@link org.processional.Processional#server}. */
    public SlaveProcess server(SlaveOptions options) {
        if (options.restart() != null) {
            throw new IllegalArgumentException(
                    "restart is " + options.restart() + ", but only slaves are restarted: the"
                            + " other clients of a server would not know of it; leave the option out");
        }
        if (options.log() != null) {
            throw new IllegalArgumentException("log is " + options.log()
                    + ", but a server has many clients, and logs for itself; leave the option out");
        }
        if (options.reserve() > 0) {
            throw new IllegalArgumentException(
                    "reserve is " + options.reserve() + ", but only slaves are kept ready; leave the option out");
        }
        return spawn(options, true, options.secret(), 0);
    }

    private static ConnectedProcess spawn(
            SlaveOptions options, boolean server, @Nullable String demanded, int generation) {
        TransportChoice choice = TransportChoice.of(options);
        Transport transport = choice.transport();
        Address address = choice.address();
        InputFilter filter = Filter.of(options.filter());
        Handshake.Terms terms = terms(
                        transport, address, demanded, options.credits(), Services.codecs(options.codec()), filter)
                .of(generation);
        StartOrders orders = new StartOrders(
                address,
                options.name(),
                terms.secret(),
                server,
                options.detach(),
                options.persistent(),
                options.credits(),
                startLimit(options).toMillis(),
                Durations.cut(options.closeLimit()).toMillis(),
                options.initialClass() == null ? "" : options.initialClass(),
                options.code(),
                transport.getClass().getName(),
                terms.codecs().get(0).getClass().getName(),
                false,
                SelectorChoice.forSlave(options),
                options.filter() == null ? "" : options.filter(),
                options.limits(),
                options.log() == null ? "" : options.log().name(),
                ToMaster.nameProvider(options.flags()));
        if (server) {
            refuseLive(transport, address);
        }
        JvmCommand.Prepared prepared = JvmCommand.of(options, transport.scheme());
        SlaveJvm jvm = SlaveJvm.start(options, orders, prepared.command());
        if (server && options.address() == null) {
            DeadAddress.discardAfter(jvm.pid(), transport, address);
        }
        ConnectedProcess process = connectTo(jvm, transport, address, terms, options, !server);
        ArchiveKey missing = prepared.missing();
        if (missing != null) {
            Archives.ofUser()
                    .started(missing, new ArchiveTrainer(prepared.command(), missing, orders, transport, terms));
        }
        return process;
    }

    /** What this end demands; where strangers can connect, there is a secret in any case. */
    private static Handshake.Terms terms(
            Transport transport,
            Address address,
            @Nullable String secret,
            int credits,
            List<CodecProvider> codecs,
            InputFilter filter) {
        boolean strangers = transport instanceof NetworkTransport;
        String known = secret == null ? "" : secret;
        if (strangers && known.isEmpty()) {
            known = SecretFile.of(address).read();
        }
        return new Handshake.Terms(known, credits, codecs, strangers, filter);
    }

    /** A server that listens already would be taken for the one that is about to start. */
    private static void refuseLive(Transport transport, Address address) {
        try {
            transport.connect(address, Duration.ZERO).close();
        } catch (IOException e) {
            return; // nobody is there, as it should be; other troubles are those of the new process
        }
        throw new ConnectionException("address in use: a process listens at " + address
                + " already; connect to it with client(), stop it, or choose another address");
    }

    private static ConnectedProcess connectTo(
            SlaveJvm jvm,
            Transport transport,
            Address address,
            Handshake.Terms terms,
            SlaveOptions options,
            boolean endsWithUs) {
        Duration limit = startLimit(options);
        Connection connection = null;
        Reading reading = null;
        try {
            connection = connectWhileAlive(jvm, transport, address, options);
            reading = Reading.of(transport);
            Link link = new Link(
                    address.toString(),
                    connection,
                    reading,
                    terms,
                    limit,
                    jvm,
                    endsWithUs,
                    offer(options),
                    options.silenceLimit(),
                    options.log() == null ? null : new SlaveLog(options.name()));
            refuseAnother(link, jvm);
            if (options.detach()) {
                link.detached();
            }
            return new ConnectedProcess(link, Durations.cut(options.closeLimit()), Durations.cut(options.roomLimit()));
        } catch (IOException | ConnectionException e) {
            closeQuietly(connection, reading);
            if (Thread.currentThread().isInterrupted()) {
                throw killed(jvm, e);
            }
            throw jvm.notStarted("the connection to it failed: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            closeQuietly(connection, reading);
            jvm.kill();
            throw e;
        }
    }

    /** A JVM with the path of this one has the classes that the application's loader has. */
    private static CodeOffer offer(SlaveOptions options) {
        boolean samePath = options.classPath() == null && options.modulePath() == null;
        return new CodeOffer(samePath ? CodeOffer.Policy.FOREIGN : CodeOffer.Policy.ALL);
    }

    /** Somebody else may have begun to listen at the address since it was looked at. */
    private static void refuseAnother(Link link, SlaveJvm jvm) {
        long pid = link.peer().partner().pid();
        if (pid != jvm.pid()) {
            link.leave();
            throw new ConnectionException("address in use: process " + pid + " listens at " + link.address()
                    + "; connect to it with client(), stop it, or choose another address");
        }
    }

    /** Who attaches a debugger takes as long as it takes; an interrupt, or the end of the process, ends the wait. */
    private static Duration startLimit(SlaveOptions options) {
        return options.debug() == null ? Durations.cut(options.startLimit()) : UNLIMITED;
    }

    private static Connection connectWhileAlive(
            SlaveJvm jvm, Transport transport, Address address, SlaveOptions options) throws IOException {
        Duration limit = startLimit(options);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return transport.connect(address, ATTEMPT);
            } catch (ConnectException e) {
                if (!jvm.isAlive()) {
                    throw jvm.notStarted("it ended", e);
                }
                if (System.nanoTime() - deadline >= 0) {
                    String elsewhere = options.address() == null || options.directory() == null
                            ? ""
                            : ", or give an absolute address if " + address + " is meant in " + options.directory();
                    throw jvm.notStarted(
                            "it was not ready within " + limit + "; raise the option startLimit" + elsewhere, e);
                }
            } catch (ClosedByInterruptException e) {
                throw killed(jvm, e);
            }
        }
    }

    private static WaitInterruptedException killed(SlaveJvm jvm, Exception why) {
        jvm.kill();
        return new WaitInterruptedException("interrupted while waiting for a slave to start; it is killed", why);
    }

    static void closeQuietly(@Nullable Connection connection, @Nullable Reading reading) {
        if (connection != null) {
            connection.close();
        }
        if (reading != null) {
            reading.close();
        }
    }

    /** A client of a server; see {@link org.processional.Processional#client}. */
    public SlaveProcess client(String where, ClientOptions options) {
        Address address = Address.parse(where);
        Transport transport = Services.transport(address);
        Handshake.Terms terms = terms(
                transport,
                address,
                options.secret(),
                1024,
                Services.codecs(options.codec()),
                Filter.of(options.filter()));
        if (options.visitor()) {
            terms = terms.as(Handshake.Role.VISITOR);
        }
        Duration limit = Durations.cut(options.connectLimit());
        Connection connection = null;
        Reading reading = null;
        try {
            connection = transport.connect(address, limit);
            reading = Reading.of(transport);
            Link link = new Link(
                    address.toString(),
                    connection,
                    reading,
                    terms,
                    limit,
                    null,
                    false,
                    new CodeOffer(options.code() ? CodeOffer.Policy.ALL : CodeOffer.Policy.NONE),
                    options.silenceLimit(),
                    null);
            return new ConnectedProcess(link, Durations.cut(options.closeLimit()), Durations.cut(options.roomLimit()));
        } catch (IOException | ConnectionException e) {
            closeQuietly(connection, reading);
            if (Thread.currentThread().isInterrupted()) {
                throw new WaitInterruptedException("interrupted while connecting to " + address, e);
            }
            throw new ConnectionException("cannot connect to " + address + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            closeQuietly(connection, reading);
            throw e;
        }
    }

    /** This process as a server; see {@link org.processional.Processional#serve}. */
    public Server serve(String where, ServeOptions options) {
        Address address = Address.parse(where);
        Transport transport = Services.transport(address);
        InputFilter filter = Filter.ofServer(options.filter());
        Handshake.Terms terms =
                terms(transport, address, options.secret(), options.credits(), Services.codecs(null), filter);
        Listener listener;
        try {
            listener = transport.listen(address);
        } catch (IOException e) {
            throw new ConnectionException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
        try {
            ServerHere server = new ServerHere(listener.address().toString(), options);
            Service service = new Service(
                    Reading.of(transport),
                    server,
                    new SpinBudget(Waiting.SPIN_THEN_PARK),
                    new Policy(options.code(), filter, options.functions(), options.limits()));
            server.serve(service, new Acceptor(listener, service, terms, options.name()));
            return server;
        } catch (IOException e) {
            listener.close();
            throw new ConnectionException("cannot serve at " + address + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }
}
