// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.processional.spi.channel.StreamSocket;

/**
 * TLS 1.3 as the options of an address ask for it. Both ends present a certificate that the other must trust; who
 * connects demands besides that the listener's certificate names the host of the address.
 *
 * <p><b>Threads:</b> immutable.
 */
final class Tls {
    private static final String PROTOCOL = "TLSv1.3";

    private final SSLContext context;

    private Tls(SSLContext context) {
        this.context = context;
    }

    /**
     * Reads the keys that an address names.
     *
     * @return null if it wants no TLS
     * @throws IOException if the options do not fit, or a file cannot be read; the message names it
     */
    static @Nullable Tls of(TcpAddress where) throws IOException {
        TlsOptions options = TlsOptions.of(where);
        if (options == null) {
            return null;
        }
        Path reading = options.own();
        try {
            char[] password = KeyFiles.password(options.password());
            Path key = options.key();
            KeyStore own =
                    key == null ? KeyFiles.store(options.own(), password) : KeyFiles.identity(options.own(), key);
            reading = options.trust();
            KeyStore trusted =
                    key == null ? KeyFiles.store(options.trust(), password) : KeyFiles.trusting(options.trust());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(keys.getKeyManagers(), checked(trust.getTrustManagers()), null);
            return new Tls(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "cannot use " + reading + " for TLS at " + where + ": " + e.getMessage()
                            + (e.getMessage() != null && e.getMessage().contains("password")
                                    ? "; the first line of the option password-file's file must be its password"
                                    : ""),
                    e);
        }
    }

    private static TrustManager[] checked(TrustManager[] managers) {
        TrustManager[] checked = managers.clone();
        for (int i = 0; i < checked.length; i++) {
            if (checked[i] instanceof X509ExtendedTrustManager manager) {
                checked[i] = new ValidityCheck(manager);
            }
        }
        return checked;
    }

    /** Encrypts a connection that this process opened. */
    StreamSocket client(StreamSocket socket, TcpAddress where) {
        SSLEngine engine = context.createSSLEngine(where.host(), where.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must name the host
        engine.setSSLParameters(parameters);
        return new TlsSocket(socket, engine);
    }

    /** Encrypts a connection that another process opened. */
    StreamSocket server(StreamSocket socket) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return new TlsSocket(socket, engine);
    }

    private static SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        return parameters;
    }
}
