// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.processional.Action;
import org.processional.Call;
import org.processional.Export;
import org.processional.Limits;
import org.processional.ProcessionalException;
import org.processional.Waiting;
import org.processional.codec.jboss.RiverCodecProvider;
import org.processional.engine.task.SpinBudget;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/**
 * Frames that a client sends to a server. Each request is answered exactly once, or a {@link ProcessionalException} says
 * what is wrong with the frame, and ends the connection; then nothing is kept for the client.
 *
 * <pre>
 * part: tag 0: a frame, with its header | else its kind, and: flags u8 | ticket u8 | chain u8 | body
 * </pre>
 */
public final class RequestsTarget implements Target {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Handshake.Terms TERMS =
            new Handshake.Terms("", 16, List.of(new RiverCodecProvider()), false, InputFilter.none());

    private static final Policy POLICY = Policy.of(true, InputFilter.none(), Limits.defaults());

    /** Not answered, or not like requests. */
    static final Set<Integer> SILENT = Set.of(
            Frames.DEFINE,
            Frames.RESULT,
            Frames.FAILURE,
            Frames.CANCEL,
            Frames.INTERRUPT,
            Frames.RELEASE,
            Frames.RECEIVED,
            Frames.AWAITS,
            Frames.DOING,
            Frames.FAREWELL,
            Frames.RECORD,
            Frames.LISTENS,
            Frames.PING,
            Frames.PONG);

    @Override
    public String name() {
        return "requests";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        Call<Integer, RuntimeException> seven = () -> 7;
        Call<Object, RuntimeException> list = () -> new ArrayList<>(List.of(1));
        Call<Object, RuntimeException> failing = () -> {
            throw new IllegalStateException("on purpose");
        };
        Action<RuntimeException> nothing = () -> {};
        List<byte[]> seeds = new ArrayList<>();
        for (Object function : new Object[] {seven, list, failing, nothing, "no function"}) {
            seeds.add(invoke(new Script.Writer(), Frames.INVOKE, 0, function).input());
        }
        seeds.add(invoke(new Script.Writer(), Frames.THREAD, Frames.SHIPS | Frames.NEW_CODE, seven)
                .input());
        Script.Writer kept = invoke(new Script.Writer(), Frames.INVOKE, Frames.KEEP, list);
        kept.part(Frames.RELEASE, head(0, 0).putLong(1).putInt(1).flip());
        kept.part(Frames.RETAIN, head(0, 5).putLong(1).flip());
        seeds.add(kept.input());
        FrameOutput name = new FrameOutput(64, 100);
        name.putString("name");
        byte[] text = Script.bytes(name.frame());
        seeds.add(invoke(new Script.Writer(), Frames.INVOKE, Frames.KEEP | Frames.NAME, list, text)
                .part(Frames.NAMED, head(0, 2).put(text).flip())
                .part(Frames.NAMES, head(0, 3).flip())
                .part(Frames.REMOVE, head(0, 4).put(text).flip())
                .input());
        seeds.add(new Script.Writer()
                .part(Frames.DETACH, head(0, 1).flip())
                .part(Frames.PERSIST, head(0, 2).flip())
                .part(Frames.STOP, head(0, 3).flip())
                .part(Frames.SEES, head(0, 4).put(text).flip())
                .part(Frames.MANIFEST, head(0, 5).put(text).flip())
                .part(Frames.CONTENT, head(0, 6).put((byte) 0).flip())
                .part(200, head(0, 7).flip())
                .part(Frames.CANCEL, head(1, 1).flip())
                .part(Frames.INTERRUPT, head(0, 1).flip())
                .part(Frames.AWAITS, head(0, 1).flip())
                .part(Frames.RECEIVED, head(0, 1).flip())
                .input());
        return seeds;
    }

    private static ByteBuffer head(int flags, int ticket) {
        return ByteBuffer.allocate(100).put((byte) flags).put((byte) ticket).put((byte) 0);
    }

    private static Script.Writer invoke(Script.Writer to, int kind, int flags, Object function, byte... before)
            throws IOException {
        return part(to, kind, flags, 1, function, before);
    }

    /** Appends the definitions of an object, and a frame with it. */
    static Script.Writer part(Script.Writer to, int kind, int flags, int ticket, Object object, byte... before)
            throws IOException {
        Codec codec = new RiverCodecProvider().open(NoObjects.HERE, InputFilter.none());
        FrameOutput out = new FrameOutput(512, Sink.MAX_FRAME_BYTES);
        for (Definition definition : codec.encode(object, out)) {
            ByteBuffer bytes = definition.bytes();
            to.part(
                    Frames.DEFINE,
                    ByteBuffer.allocate(3 + bytes.remaining())
                            .put(new byte[3])
                            .put(bytes)
                            .flip());
        }
        ByteBuffer body = out.frame();
        return to.part(
                kind,
                ByteBuffer.allocate(3 + before.length + body.remaining())
                        .put((byte) flags)
                        .put((byte) ticket)
                        .put((byte) 0)
                        .put(before)
                        .put(body)
                        .flip());
    }

    /** The frame of a part; null if there is too little of it. */
    static byte[] frame(Script.Part part) {
        if (part.tag() == 0 || part.bytes().length < 3) {
            return part.bytes();
        }
        ByteBuffer from = part.buffer();
        FrameOutput out = new FrameOutput(64, Sink.MAX_FRAME_BYTES);
        Frames.begin(out, part.tag(), from.get() & 0xff, 0, from.get() & 0xff, from.get() & 0xff);
        out.put(part.bytes(), 3, part.bytes().length - 3);
        return Script.bytes(out.frame());
    }

    /** A service that counts nothing and is told what it may not do. */
    private static final class Owner implements Service.Owner {
        @Override
        public void left(int remaining) {}

        @Override
        public void detach() {}

        @Override
        public void persist() {}

        @Override
        public void stop() {}
    }

    /** The other end answers what it is asked, at once: it has nothing. */
    private static final class Client extends Sink {
        private volatile Peer server;

        @Override
        void sent(ByteBuffer frame) {
            super.sent(frame);
            int kind = frame.remaining() < Frames.HEADER_BYTES ? 0 : Frames.kind(frame);
            Peer to = server;
            if (to != null && kind >= Frames.INVOKE && !SILENT.contains(kind)) {
                FrameOutput answer = new FrameOutput(64, 64);
                Frames.begin(answer, Frames.FAILURE, Frames.WAS_CANCELLED, 0, Frames.ticket(frame), 0);
                to.arrivals().frame(answer.frame(), false);
            }
        }
    }

    @Override
    public void run(byte[] input) throws Exception {
        Client client = new Client();
        client.put(hello());
        Service service = new Service(SinkTransport.READING, new Owner(), new SpinBudget(Waiting.PARK), POLICY);
        Peer peer = service.welcome(client, TERMS, LONG);
        client.server = peer;
        service.begin(peer);
        Map<Long, Integer> asked = new HashMap<>();
        int requests = 0;
        Throwable refused = null;
        for (Script.Part part : Script.read(input)) {
            byte[] frame = frame(part);
            refused = give(peer, frame);
            if (refused != null) {
                break;
            }
            ByteBuffer read = ByteBuffer.wrap(frame);
            if (!SILENT.contains(Frames.kind(read))) {
                asked.merge(Frames.ticket(read), 1, Integer::sum);
                requests++;
            }
        }
        if (refused != null) {
            peer.lost(refused);
        }
        service.finish();
        service.run();
        if (refused == null) {
            Map<Long, Integer> answered = client.answers(requests);
            if (!answered.equals(asked)) {
                throw new AssertionError("asked " + asked + ", and answered " + answered);
            }
        }
        peer.lost(new EOFException("the input has ended"));
        requireNothingKept();
    }

    /** Gives a peer a frame, as who reads does; what it says of one that ends the connection, or null. */
    static Throwable give(Peer peer, byte[] frame) {
        try {
            peer.arrivals().frame(ByteBuffer.wrap(frame), true);
            return null;
        } catch (ProcessionalException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
            return e;
        }
    }

    private static void requireNothingKept() {
        for (String name : Exports.HERE.names()) {
            Exports.HERE.remove(name);
        }
        List<Export> kept = Exports.HERE.list();
        if (!kept.isEmpty()) {
            throw new AssertionError("the client is gone, and kept is " + kept);
        }
    }

    private static byte[] hello() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        Sink client = new Sink() {
            @Override
            void sent(ByteBuffer frame) {
                frames.add(Script.bytes(frame));
            }
        };
        try {
            Handshake.connect(client, TERMS, LONG);
        } catch (ProcessionalException e) {
            return frames.get(0);
        }
        throw new AssertionError("greeted by nobody");
    }
}
