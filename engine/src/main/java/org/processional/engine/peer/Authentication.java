// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.engine.EngineRandom;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;

/**
 * How the two ends of a connection that anybody could have opened show each other that they know the same secret,
 * before the greeting and without telling it.
 *
 * <pre>
 * who connects                              who listens
 *   NONCE    header | own nonce        →
 *                                      ←    NONCE    header | own nonce
 *   PROOF    header | proof            →
 *                                      ←    PROOF    header | proof,  or  REFUSED  header
 * header:  0: magic i32 (PROA) | 4: version u8 | 5: kind u8 (1 NONCE, 2 PROOF, 3 REFUSED) | 6: spare u16
 *          8: nonce or proof, 32 bytes, absent in REFUSED
 * proof:   HMAC-SHA-256, keyed with the secret in UTF-8, of the role of its sender in ASCII
 *          ("processional connects" or "processional listens"), the nonce of who connects, the nonce of who listens
 * </pre>
 *
 * big-endian. The roles keep a proof from being sent back as the other end's; the nonces, from being used again. Who
 * listens says nothing about the secret until the other end has shown that it knows it. A frame of any other length or
 * content ends the connection.
 *
 * <p>Who listens at an address where a server is expected learns one proof, from which a weak secret could be guessed at
 * leisure: so secrets should be made by a machine, as those of this library are.
 *
 * <p><b>Threads:</b> stateless; the calling thread waits, until the given time at most.
 */
final class Authentication {
    private static final int MAGIC = 0x50524f41; // PROA
    private static final byte VERSION = 1;
    private static final byte NONCE = 1;
    private static final byte PROOF = 2;
    private static final byte REFUSED = 3;
    private static final int HEADER_BYTES = 8;
    private static final int VALUE_BYTES = 32; // of a nonce, and of a SHA-256
    private static final String ALGORITHM = "SHA-256";
    private static final int BLOCK_BYTES = 64; // of SHA-256
    private static final byte[] CONNECTS = "processional connects".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LISTENS = "processional listens".getBytes(StandardCharsets.US_ASCII);

    /** The longest frame of the two ends until they know each other. */
    static final int LONGEST_BYTES = HEADER_BYTES + VALUE_BYTES;

    private static final String CURE =
            "give both ends the same secret (the option secret, or the same secret file;" + " see docs/security.md)";

    private Authentication() {}

    /**
     * Shows the one who listens that this end knows the secret, and has it shown.
     *
     * @param deadline a time of {@link System#nanoTime()}
     * @throws ConnectionException if the other end does not know the secret, or does not speak this protocol
     * @throws IOException if the connection breaks
     */
    static void connect(Connection connection, String secret, long deadline) throws IOException {
        byte[] mine = nonce();
        send(connection, NONCE, mine);
        byte[] theirs;
        byte[] proof;
        try {
            theirs = receive(connection, NONCE, deadline);
            send(connection, PROOF, proof(secret, CONNECTS, mine, theirs));
            proof = receive(connection, PROOF, deadline);
        } catch (EOFException e) {
            throw new ConnectionException(
                    connection.peer() + " closed the connection before both ends knew each other: it is ending or"
                            + " overloaded, or is no server of Processional",
                    e);
        }
        if (!MessageDigest.isEqual(proof, proof(secret, LISTENS, mine, theirs))) {
            throw new ConnectionException(
                    connection.peer() + " does not know the secret, and may be somebody else; " + CURE);
        }
    }

    /**
     * Has the one who connected show that it knows the secret, and shows it then.
     *
     * @param deadline a time of {@link System#nanoTime()}
     * @throws ConnectionException if the other end does not know the secret, or does not speak this protocol
     * @throws IOException if the connection breaks
     */
    static void accept(Connection connection, String secret, long deadline) throws IOException {
        OneValue first = receiveAny(connection, deadline);
        if (first.version != VERSION) {
            send(connection, NONCE, nonce()); // tells it the version of this end
            throw otherVersion(first);
        }
        byte[] theirs = first.of(NONCE);
        byte[] mine = nonce();
        send(connection, NONCE, mine);
        byte[] proof = receive(connection, PROOF, deadline);
        if (!MessageDigest.isEqual(proof, proof(secret, CONNECTS, theirs, mine))) {
            send(connection, REFUSED, new byte[0]);
            throw new ConnectionException(connection.peer() + " was refused: its secret is wrong; " + CURE);
        }
        send(connection, PROOF, proof(secret, LISTENS, theirs, mine));
    }

    private static byte[] nonce() {
        return EngineRandom.bytes(VALUE_BYTES);
    }

    /** What the end with a role sends; package-private for its test. */
    static byte[] proof(String secret, byte[] role, byte[] connecting, byte[] listening) {
        if (secret.isEmpty()) {
            throw new IllegalStateException("no secret for a connection that anybody could open");
        }
        try {
            return hmac(secret.getBytes(StandardCharsets.UTF_8), role, connecting, listening);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this JVM lacks " + ALGORITHM + ", which every Java platform has; is its java.security changed?",
                    e);
        }
    }

    /** RFC 2104, by hand: to load {@code javax.crypto} costs a slave 40 ms of its start. */
    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(ALGORITHM);
        byte[] block = Arrays.copyOf(key.length > BLOCK_BYTES ? digest.digest(key) : key, BLOCK_BYTES);
        digest.update(padded(block, 0x36));
        for (byte[] part : parts) {
            digest.update(part);
        }
        byte[] inner = digest.digest();
        digest.update(padded(block, 0x5c));
        return digest.digest(inner);
    }

    private static byte[] padded(byte[] block, int pad) {
        byte[] padded = new byte[BLOCK_BYTES];
        for (int i = 0; i < BLOCK_BYTES; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        return padded;
    }

    private static void send(Connection connection, byte kind, byte[] value) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + value.length);
        frame.putInt(MAGIC).put(VERSION).put(kind).putShort((short) 0).put(value);
        Greeting.send(connection, frame.flip());
    }

    private static byte[] receive(Connection connection, byte expected, long deadline) throws IOException {
        OneValue one = receiveAny(connection, deadline);
        if (one.version != VERSION) {
            throw otherVersion(one);
        }
        return one.of(expected);
    }

    private static OneValue receiveAny(Connection connection, long deadline) throws IOException {
        OneValue one = new OneValue(connection);
        while (one.value == null) {
            Greeting.receive(connection, one, deadline);
        }
        return one;
    }

    private static ConnectionException otherVersion(OneValue one) {
        return new ConnectionException(one.connection.peer() + " speaks version " + one.version
                + " of the way to show that both ends know the secret, and this end version " + VERSION + " ("
                + Handshake.LIBRARY + "); " + Handshake.CURE);
    }

    private static ConnectionException strange(Connection connection) {
        return new ConnectionException(connection.peer()
                + " does not speak this protocol: is it Processional, of the same version, and told to use this address"
                + " as one of a network?");
    }

    /** Takes the one frame of the other end; the rest must wait for its turn. */
    private static final class OneValue implements FrameHandler {
        private final Connection connection;

        byte @Nullable [] value;
        int version;
        byte kind;

        OneValue(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void frame(ByteBuffer frame, boolean owned) {
            int length = frame.remaining();
            if (value != null || length != HEADER_BYTES && length != LONGEST_BYTES || frame.getInt() != MAGIC) {
                throw strange(connection);
            }
            version = frame.get() & 0xff;
            if (version != VERSION) {
                value = new byte[0]; // of unknown meaning
                return;
            }
            kind = frame.get();
            if ((kind == REFUSED) != (length == HEADER_BYTES)) {
                throw strange(connection);
            }
            frame.getShort();
            byte[] bytes = new byte[length - HEADER_BYTES];
            frame.get(bytes);
            value = bytes;
        }

        /** The value, if it is the expected one. */
        byte[] of(byte expected) {
            if (kind == REFUSED) {
                throw new ConnectionException(connection.peer() + " refused: the secret is wrong; " + CURE);
            }
            if (kind != expected || value == null) {
                throw strange(connection);
            }
            return value;
        }
    }
}
