// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys.
 *
 * <p><b>Threads:</b> stateless.
 */
final class KeyFiles {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private KeyFiles() {}

    /** The first line of a file. */
    static char[] password(@Nullable Path file) throws IOException {
        if (file == null) {
            return new char[0];
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip().toCharArray();
    }

    /** A store of the kind PKCS 12. */
    static KeyStore store(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        if (store.size() == 0) {
            throw new IOException("it holds neither a key nor a certificate, or the password does not open them");
        }
        return store;
    }

    /** A store that trusts the certificates of a file. */
    static KeyStore trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
        return store;
    }

    /** A store with a key and its chain of certificates, the own one first. */
    static KeyStore identity(Path chain, Path key) throws IOException, GeneralSecurityException {
        Certificate[] certificates = certificates(chain).toArray(new Certificate[0]);
        KeyStore store = empty();
        store.setKeyEntry("own", key(key, certificates[0].getPublicKey().getAlgorithm()), new char[0], certificates);
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.isEmpty()) {
            throw new IOException("it holds no certificate (BEGIN CERTIFICATE)");
        }
        return found;
    }

    static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("the file of the key, " + file + ", holds no \"" + BEGIN
                    + "\"; it must be PKCS 8 without a password: openssl pkcs8 -topk8 -nodes -in key -out key.pem");
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
        } catch (IllegalArgumentException e) {
            throw new IOException("the file of the key, " + file + ", is damaged: " + e.getMessage(), e);
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }
}
