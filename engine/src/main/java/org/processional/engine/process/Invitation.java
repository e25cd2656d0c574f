// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.HexFormat;
import org.processional.ConnectionException;
import org.processional.engine.EngineRandom;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.Identity;
import org.processional.engine.peer.Peers;
import org.processional.engine.peer.Reading;
import org.processional.engine.peer.Service;
import org.processional.engine.task.Completions;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.NetworkTransport;
import org.processional.spi.Transport;

/**
 * How one process connects to another one, at the wish of a third that knows both.
 *
 * <p><b>Threads:</b> immutable; issued and accepted by threads that may wait.
 *
 * @param id identity of the process to connect to
 * @param address where it listens
 * @param secret what it demands
 */
record Invitation(String id, String address, String secret) implements Serializable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CREDITS = 1024;

    /** Lets one process more connect to this slave, which listens for its master alone otherwise; runs in the slave. */
    static Invitation issue(String reachedAt) throws IOException {
        Service service = Service.current();
        Address known = Address.parse(reachedAt);
        Transport transport = Services.transport(known);
        String secret = HexFormat.of().formatHex(EngineRandom.bytes(16));
        Listener listener = transport.listen(transport.freshAddressLike(known));
        String address = listener.address().toString();
        Acceptor acceptor = new Acceptor(listener, service, terms(transport, secret, service), "invited");
        acceptor.start();
        Completions.run(() -> {
            try (acceptor) {
                acceptor.awaitFirst(LIMIT);
            }
        });
        return new Invitation(Identity.ID, address, secret);
    }

    /** Connects this process to the other one, unless it is already. */
    void accept() {
        if (id.equals(Identity.ID) || Peers.isConnectedTo(id)) {
            return;
        }
        Address where = Address.parse(address);
        Transport transport = Services.transport(where);
        Connection connection = null;
        Reading reading = null;
        try {
            connection = transport.connect(where, LIMIT);
            reading = Reading.of(transport);
            Link.tie(address, connection, reading, terms(transport, secret, Service.current()), LIMIT);
            Peers.awaitService(id);
            if (!Peers.isConnectedTo(id)) {
                throw new ConnectionException("process " + id + " closed the connection at once; its log says why");
            }
        } catch (Error e) {
            Processes.closeQuietly(connection, reading);
            throw e;
        } catch (IOException | RuntimeException e) {
            Processes.closeQuietly(connection, reading);
            throw new ConnectionException(
                    "process " + Identity.PID + " cannot connect to " + address + ": " + e.getMessage(), e);
        }
    }

    private static Handshake.Terms terms(Transport transport, String secret, Service service) {
        return new Handshake.Terms(
                secret,
                CREDITS,
                Services.codecs(null),
                transport instanceof NetworkTransport,
                service.policy().filter());
    }
}
