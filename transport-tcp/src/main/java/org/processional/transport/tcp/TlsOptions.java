// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The TLS options of an address: {@code tls=true} and either key stores ({@code key-store=P12&trust-store=P12&
 * password-file=F}) or files of the PEM form ({@code certificate=PEM&key=PEM&trust=PEM}).
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param own the file with this end's certificate: a key store, or a chain of certificates
 * @param key the file with the private key, in PKCS 8; null if {@code own} is a key store
 * @param trust the file with the certificates to trust, a store like {@code own} or PEM
 * @param password the file whose first line is the password of both stores; null for PEM
 */
record TlsOptions(
        Path own, @Nullable Path key, Path trust, @Nullable Path password) {
    private static final String TLS = "tls";
    private static final List<String> STORES = List.of("key-store", "trust-store", "password-file");
    private static final List<String> PEM = List.of("certificate", "key", "trust");

    /** All options that are read here. */
    static final List<String> NAMES =
            List.of(TLS, STORES.get(0), STORES.get(1), STORES.get(2), PEM.get(0), PEM.get(1), PEM.get(2));

    static boolean isWanted(Map<String, String> options) {
        return options.containsKey(TLS);
    }

    /**
     * Reads the options of an address.
     *
     * @return null if it wants no TLS
     * @throws IOException if something is missing, or does not fit
     */
    static @Nullable TlsOptions of(TcpAddress where) throws IOException {
        Map<String, String> options = where.address().options();
        boolean stores = hasAny(options, STORES);
        boolean pem = hasAny(options, PEM);
        if (!isWanted(options)) {
            if (stores || pem) {
                throw unfit(where, "names keys for TLS, but not tls=true; add it, or leave the keys out");
            }
            return null;
        }
        if (!"true".equals(options.get(TLS))) {
            throw unfit(where, "has tls=" + options.get(TLS) + "; write tls=true, or leave it out");
        }
        if (stores == pem) {
            throw unfit(where, "must name keys for TLS in one way: the options " + STORES + ", or " + PEM);
        }
        List<String> names = stores ? STORES : PEM;
        for (String name : names) {
            if (!options.containsKey(name)) {
                throw unfit(where, "names keys for TLS, but the option " + name + " is missing");
            }
        }
        return stores
                ? new TlsOptions(path(options, names, 0), null, path(options, names, 1), path(options, names, 2))
                : new TlsOptions(path(options, names, 0), path(options, names, 1), path(options, names, 2), null);
    }

    private static boolean hasAny(Map<String, String> options, List<String> names) {
        for (String name : names) {
            if (options.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    private static Path path(Map<String, String> options, List<String> names, int index) {
        return Path.of(String.valueOf(options.get(names.get(index))));
    }

    private static IOException unfit(TcpAddress where, String what) {
        return new IOException("address \"" + where.address() + "\" " + what);
    }
}
