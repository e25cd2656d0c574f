// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.engine.task.Durations;
import org.processional.spi.CodecProvider;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.LimitableConnection;

/**
 * The first two frames of a connection: the one who connects says HELLO, the one who listens answers WELCOME or REFUSED
 * with the reason. Nothing is decoded by a codec before that. Where strangers can connect, {@link Authentication} goes
 * before it, and the secret is empty.
 *
 * <p>The beginning of HELLO, to the library, and REFUSED are the same in all versions of the protocol, so that two ends
 * of different versions can say so. The library is for people: the version of Processional, and of Java.
 *
 * <pre>
 * HELLO:   header | magic i32 | lowest version u8 | highest version u8 | library string | id string | pid i64
 *          | credits i32 | secret string | codecs size | codec string...
 * WELCOME: header | version u8 | library string | id string | pid i64 | credits i32 | codec string
 * REFUSED: header | reason string
 * </pre>
 *
 * <p><b>Threads:</b> stateless; the calling thread waits, at most the given time.
 */
public final class Handshake {
    private static final int MAGIC = 0x50524f43; // PROC
    private static final int LONGEST_HELLO = 8192;
    private static final int LONGEST_REASON = 2000; // characters
    private static final int MOST_CODECS = 32;
    static final String CURE = "run the same version of Processional at both ends";

    /** The versions of Processional and of Java in this process, for people. */
    static final String LIBRARY = library();

    private Handshake() {}

    /** The version of the engine, from the module or the manifest of the jar, and that of Java. */
    private static String library() {
        ModuleDescriptor module = Handshake.class.getModule().getDescriptor();
        String version = module == null
                ? Handshake.class.getPackage().getImplementationVersion()
                : module.rawVersion().orElse(null);
        return "Processional " + (version == null ? "of unknown version" : version) + " on Java "
                + Runtime.version().feature();
    }

    /**
     * What the other end said of itself.
     *
     * @param id unique identity of its process
     * @param pid its process id
     * @param credits how many requests it takes before it has answered
     * @param provider makes the codec that both have
     * @param generation of all frames of the connection, as the end that connects has said
     * @param role as what it connected
     */
    public record Partner(String id, long pid, int credits, CodecProvider provider, int generation, Role role) {
        /** Whether this process lives as long as that one is connected. */
        public boolean isClient() {
            return role == Role.CLIENT;
        }
    }

    /** As what one connects. */
    public enum Role {
        CLIENT,
        /** Looks only: its coming and leaving makes no difference. */
        VISITOR,
        /** Was told to by a third: neither lives because of the other. */
        TIE;

        private int flag() {
            return switch (this) {
                case CLIENT -> 0;
                case VISITOR -> Frames.VISITOR;
                case TIE -> Frames.TIE;
            };
        }

        private static Role of(int flags) {
            return (flags & Frames.VISITOR) != 0 ? VISITOR : (flags & Frames.TIE) != 0 ? TIE : CLIENT;
        }
    }

    /**
     * What this end says and demands.
     *
     * @param secret what the other end must know; empty for nothing
     * @param credits how many requests of the other end it takes before it has answered
     * @param codecs the codecs it has, the best first
     * @param strangers whether anybody could be at the other end: then the secret is not sent, but shown to be known
     * @param filter what it takes of the other end
     * @param generation how many processes were there before in the place of the one that is connected to
     * @param role as what it connects
     */
    public record Terms(
            String secret,
            int credits,
            List<CodecProvider> codecs,
            boolean strangers,
            InputFilter filter,
            int generation,
            Role role) {
        /** Terms of the first generation, of a client or of who listens. */
        public Terms(String secret, int credits, List<CodecProvider> codecs, boolean strangers, InputFilter filter) {
            this(secret, credits, codecs, strangers, filter, 0, Role.CLIENT);
        }

        /** The same for another generation. */
        public Terms of(int generation) {
            return new Terms(secret, credits, codecs, strangers, filter, generation, role);
        }

        /** The same in another role. */
        public Terms as(Role other) {
            return new Terms(secret, credits, codecs, strangers, filter, generation, other);
        }
    }

    /** Takes the one frame of the other end. */
    private static final class OneFrame implements FrameHandler {
        @Nullable
        ByteBuffer body;

        int kind;
        int generation;
        int flags;

        @Override
        public void frame(ByteBuffer frame, boolean owned) {
            if (frame.remaining() < Frames.HEADER_BYTES || frame.remaining() > LONGEST_HELLO || body != null) {
                throw new ConnectionException("the other end does not speak this protocol");
            }
            kind = Frames.kind(frame);
            generation = Frames.generation(frame);
            flags = Frames.flags(frame);
            body = Frames.body(frame, false);
        }
    }

    private static OneFrame receive(Connection connection, long deadline) throws IOException {
        OneFrame one = new OneFrame();
        while (one.body == null) {
            Greeting.receive(connection, one, deadline);
        }
        return one;
    }

    /** Nobody sends long frames who has not greeted. */
    private static void limit(Connection connection, int bytes) {
        if (connection instanceof LimitableConnection limitable) {
            limitable.limitIncoming(bytes);
        }
    }

    /**
     * Greets the one who listens.
     *
     * @throws ConnectionException if it refuses, or does not speak this protocol
     * @throws IOException if the connection breaks
     */
    public static Partner connect(Connection connection, Terms mine, Duration limit) throws IOException {
        long deadline = System.nanoTime() + Durations.cut(limit).toNanos();
        if (mine.strangers()) {
            limit(connection, Authentication.LONGEST_BYTES);
            Authentication.connect(connection, mine.secret(), deadline);
        }
        limit(connection, LONGEST_HELLO);
        FrameOutput out = new FrameOutput(512, LONGEST_HELLO);
        Frames.begin(out, Frames.HELLO, mine.role().flag(), mine.generation(), 0, 0);
        out.putInt(MAGIC);
        out.putByte(Frames.VERSION);
        out.putByte(Frames.VERSION);
        putSelf(out, mine);
        out.putString(mine.strangers() ? "" : mine.secret());
        out.putSize(mine.codecs().size());
        for (CodecProvider codec : mine.codecs()) {
            out.putString(codec.name());
        }
        OneFrame answer;
        try {
            Greeting.send(connection, out.frame());
            answer = receive(connection, deadline);
        } catch (EOFException e) {
            throw new ConnectionException(
                    connection.peer()
                            + " closed the connection at once: it is ending, or is not a server of Processional",
                    e);
        }
        try {
            return welcomed(connection, mine, answer);
        } catch (CodecException | BufferUnderflowException e) {
            throw damaged(connection, e);
        }
    }

    private static Partner welcomed(Connection connection, Terms mine, OneFrame answer) {
        ByteBuffer body = java.util.Objects.requireNonNull(answer.body);
        if (answer.kind == Frames.REFUSED) {
            throw new ConnectionException(connection.peer() + " refused: " + FrameOutput.readString(body));
        }
        if (answer.kind != Frames.WELCOME) {
            throw new ConnectionException(connection.peer() + " does not speak this protocol: it answers the greeting"
                    + " with a frame of kind " + answer.kind);
        }
        if (answer.generation != mine.generation()) {
            throw new ConnectionException(connection.peer() + " answers the greeting of generation " + answer.generation
                    + ", and this is one of generation " + mine.generation());
        }
        int version = body.get() & 0xff;
        String library = FrameOutput.readString(body);
        if (version != Frames.VERSION) {
            throw new ConnectionException(connection.peer() + " (" + library + ") chose version " + version
                    + " of the protocol, and this end speaks version " + Frames.VERSION + " (" + LIBRARY + "); "
                    + CURE);
        }
        String id = FrameOutput.readString(body);
        long pid = body.getLong();
        int credits = credits(body.getInt());
        String name = FrameOutput.readString(body);
        CodecProvider provider = find(mine.codecs(), name);
        if (provider == null) {
            throw new ConnectionException(connection.peer() + " (" + library + ") chose codec \"" + name
                    + "\", and this end has " + names(mine.codecs()));
        }
        limit(connection, connection.maxFrameBytes());
        return new Partner(id, pid, credits, provider, mine.generation(), Role.CLIENT);
    }

    private static void putSelf(FrameOutput out, Terms mine) {
        out.putString(LIBRARY);
        out.putString(Identity.ID);
        out.putLong(Identity.PID);
        out.putInt(mine.credits());
    }

    private static int credits(int credits) {
        if (credits < 1 || credits > 1 << 16) {
            throw new ConnectionException("the other end grants " + credits + " credits, not 1 to " + (1 << 16));
        }
        return credits;
    }

    private static @Nullable CodecProvider find(List<CodecProvider> codecs, String name) {
        for (CodecProvider codec : codecs) {
            if (codec.name().equals(name)) {
                return codec;
            }
        }
        return null;
    }

    /**
     * Hears the greeting of the one who connected, and refuses it or not; {@link #welcome} answers it.
     *
     * @param refusal why nobody is taken now; null if somebody is
     * @throws ConnectionException if it was refused
     * @throws IOException if the connection breaks
     */
    public static Partner accept(Connection connection, Terms mine, Duration limit, @Nullable String refusal)
            throws IOException {
        long deadline = System.nanoTime() + Durations.cut(limit).toNanos();
        if (mine.strangers()) {
            limit(connection, Authentication.LONGEST_BYTES);
            Authentication.accept(connection, mine.secret(), deadline);
        }
        limit(connection, LONGEST_HELLO);
        OneFrame hello = receive(connection, deadline);
        try {
            return accept(connection, mine, hello, refusal);
        } catch (CodecException | BufferUnderflowException e) {
            throw damaged(connection, e);
        }
    }

    private static ConnectionException damaged(Connection connection, RuntimeException e) {
        return new ConnectionException(
                connection.peer() + " does not speak this protocol: its greeting is cut off or damaged", e);
    }

    private static Partner accept(Connection connection, Terms mine, OneFrame hello, @Nullable String refusal)
            throws IOException {
        ByteBuffer body = java.util.Objects.requireNonNull(hello.body);
        if (hello.kind != Frames.HELLO || body.remaining() < 6 || body.getInt() != MAGIC) {
            throw new ConnectionException(connection.peer() + " does not speak this protocol");
        }
        int lowest = body.get() & 0xff;
        int highest = body.get() & 0xff;
        String library = FrameOutput.readString(body);
        if (lowest > Frames.VERSION || highest < Frames.VERSION) { // then what follows may be anything
            throw refused(
                    connection,
                    "no version of the protocol in common: the end that connects speaks " + range(lowest, highest)
                            + " ("
                            + library + "), the end that listens " + range(Frames.VERSION, Frames.VERSION) + " ("
                            + LIBRARY + "); " + CURE);
        }
        String id = FrameOutput.readString(body);
        long pid = body.getLong();
        int credits = credits(body.getInt());
        String secret = FrameOutput.readString(body);
        List<String> codecs = codecs(body);
        CodecProvider provider = firstCommon(codecs, mine.codecs());
        if (!sameSecret(secret, mine.strangers() ? "" : mine.secret())) {
            throw refused(connection, "the secret is wrong; give the option secret on both sides");
        }
        if (provider == null) {
            throw refused(
                    connection,
                    "no codec in common: the end that connects has " + codecs + " (" + library
                            + "), the end that listens " + names(mine.codecs()) + " (" + LIBRARY
                            + "); put a module that provides one of the same name on the path of both, or leave out the"
                            + " option codec");
        }
        if (refusal != null) {
            throw refused(connection, refusal);
        }
        return new Partner(id, pid, credits, provider, hello.generation, Role.of(hello.flags));
    }

    private static String range(int lowest, int highest) {
        return lowest == highest ? "version " + lowest : "versions " + lowest + " to " + highest;
    }

    /** Tells the other end why. */
    private static ConnectionException refused(Connection connection, String reason) throws IOException {
        FrameOutput out = new FrameOutput(512, LONGEST_HELLO);
        Frames.begin(out, Frames.REFUSED, 0, 0, 0, 0);
        out.putString(reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON));
        connection.send(out.frame());
        connection.flush();
        return new ConnectionException(connection.peer() + " was refused: " + reason);
    }

    /**
     * Answers the greeting of one who was not refused: it is a client as soon as this has been sent.
     *
     * @throws IOException if the connection breaks
     */
    public static void welcome(Connection connection, Terms mine, Partner partner) throws IOException {
        limit(connection, connection.maxFrameBytes());
        FrameOutput out = new FrameOutput(512, LONGEST_HELLO);
        Frames.begin(out, Frames.WELCOME, 0, partner.generation(), 0, 0);
        out.putByte(Frames.VERSION);
        putSelf(out, mine);
        out.putString(partner.provider().name());
        connection.send(out.frame());
        connection.flush();
    }

    private static List<String> codecs(ByteBuffer body) {
        List<String> names = new ArrayList<>();
        int count = Math.min(FrameOutput.readSize(body), MOST_CODECS);
        for (int i = 0; i < count; i++) {
            names.add(FrameOutput.readString(body));
        }
        return names;
    }

    private static @Nullable CodecProvider firstCommon(List<String> theirs, List<CodecProvider> mine) {
        for (String name : theirs) {
            CodecProvider codec = find(mine, name);
            if (codec != null) {
                return codec;
            }
        }
        return null;
    }

    private static List<String> names(List<CodecProvider> codecs) {
        List<String> names = new ArrayList<>();
        for (CodecProvider codec : codecs) {
            names.add(codec.name());
        }
        return names;
    }

    /** Takes the same time wherever the two differ. */
    private static boolean sameSecret(String given, String own) {
        int difference = given.length() ^ own.length();
        for (int i = 0; i < given.length(); i++) {
            difference |= given.charAt(i) ^ (own.isEmpty() ? 0 : own.charAt(i % own.length()));
        }
        return difference == 0;
    }
}
