// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.processional.ConnectionException;
import org.processional.codec.jboss.RiverCodecProvider;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/**
 * Authentication and greeting, of who connects and of who listens. There is a partner, or an exception that says why not;
 * nobody is taken for a partner who does not know the secret, and no longer frame than of the greeting is sent.
 *
 * <pre>input: which end and whether strangers can connect u8 (bits 0, 1) | {@link Script}, each part a frame; tag odd: behind
 * the header of a frame whose kind is the first byte</pre>
 */
public final class HandshakeTarget implements Target {
    private static final String SECRET = "secret";
    private static final int LONGEST = 8192;

    @Override
    public String name() {
        return "handshake";
    }

    private static Handshake.Terms terms(boolean strangers) {
        return new Handshake.Terms(SECRET, 16, List.of(new RiverCodecProvider()), strangers, InputFilter.none());
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        FrameOutput welcome = new FrameOutput(64, LONGEST);
        Frames.begin(welcome, Frames.WELCOME, 0, 0, 0, 0);
        welcome.putByte(Frames.VERSION);
        welcome.putString("library");
        welcome.putString("identity");
        welcome.putLong(1);
        welcome.putInt(16);
        welcome.putString("river");
        FrameOutput refused = new FrameOutput(64, LONGEST);
        Frames.begin(refused, Frames.REFUSED, 0, 0, 0, 0);
        refused.putString("no room");
        List<byte[]> seeds = new ArrayList<>();
        for (boolean strangers : new boolean[] {false, true}) {
            byte[] hello = firstFrame(strangers);
            seeds.add(input(strangers ? 3 : 1, new Script.Writer().part(0, hello)));
        }
        seeds.add(input(0, new Script.Writer().part(0, welcome.frame())));
        seeds.add(input(0, new Script.Writer().part(0, refused.frame())));
        ByteBuffer nonce = ByteBuffer.allocate(Authentication.LONGEST_BYTES).putInt(0x50524f41);
        nonce.put((byte) 1).put((byte) 1).clear();
        ByteBuffer proof = nonce.duplicate();
        seeds.add(input(2, new Script.Writer().part(0, nonce).part(0, proof)));
        return seeds;
    }

    /** What an honest client says first. */
    private static byte[] firstFrame(boolean strangers) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        Sink client = new Sink() {
            @Override
            void sent(ByteBuffer frame) {
                frames.add(Script.bytes(frame));
            }
        };
        try {
            Handshake.connect(client, terms(strangers), Duration.ofSeconds(1));
        } catch (ConnectionException e) {
            return frames.get(0);
        }
        throw new AssertionError("greeted by nobody");
    }

    private static byte[] input(int mode, Script.Writer script) {
        byte[] bytes = script.input();
        return ByteBuffer.allocate(1 + bytes.length).put((byte) mode).put(bytes).array();
    }

    @Override
    public void run(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        boolean listens = (input[0] & 1) != 0;
        boolean strangers = (input[0] & 2) != 0;
        Sink sink = new Sink() {
            @Override
            void sent(ByteBuffer frame) {
                if (frame.remaining() > LONGEST) {
                    throw new AssertionError("a greeting of " + frame.remaining() + " bytes");
                }
            }
        };
        boolean knows = false;
        for (Script.Part part : Script.read(java.util.Arrays.copyOfRange(input, 1, input.length))) {
            byte[] frame = (part.tag() & 1) == 0 ? part.bytes() : behindHeader(part);
            knows |= new String(frame, StandardCharsets.ISO_8859_1)
                    .replace("\0", "")
                    .contains(SECRET); // in either form
            sink.put(frame);
        }
        Handshake.Partner partner;
        try {
            partner = greet(sink, terms(strangers), listens);
        } catch (ConnectionException | IOException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
            return;
        }
        if (strangers || listens && !knows) {
            throw new AssertionError("taken for a partner: " + partner);
        }
        if (partner.credits() < 1) {
            throw new AssertionError("no credits: " + partner);
        }
    }

    private static Handshake.Partner greet(Sink sink, Handshake.Terms terms, boolean listens) throws IOException {
        Duration limit = Duration.ofMinutes(1);
        if (!listens) {
            return Handshake.connect(sink, terms, limit);
        }
        Handshake.Partner partner = Handshake.accept(sink, terms, limit, null);
        Handshake.welcome(sink, terms, partner);
        return partner;
    }

    private static byte[] behindHeader(Script.Part part) {
        if (part.bytes().length == 0) {
            return part.bytes();
        }
        FrameOutput out = new FrameOutput(64, Sink.MAX_FRAME_BYTES);
        Frames.begin(out, part.bytes()[0], 0, 0, 0, 0);
        out.put(part.bytes(), 1, part.bytes().length - 1);
        return Script.bytes(out.frame());
    }
}
