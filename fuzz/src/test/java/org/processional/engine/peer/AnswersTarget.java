// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processional.Call;
import org.processional.ConnectionException;
import org.processional.ProcessionalException;
import org.processional.Task;
import org.processional.codec.jboss.RiverCodecProvider;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.Codec;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/**
 * Frames that a server sends to a client, its answers above all. Each task ends, whatever the answers are; what the engine
 * itself asked fails with a {@link ProcessionalException}.
 *
 * <pre>
 * part: as of {@link RequestsTarget}; tickets below 8 are those of the tasks that the client has
 * tag 255: the next question of the engine, and the answer: question u8 | RESULT or FAILURE u8 | flags u8 | body
 * </pre>
 */
public final class AnswersTarget implements Target {
    private static final int TASKS = 8;
    private static final int QUESTION = 255;
    private static final int QUESTIONS = 7;

    @Override
    public String name() {
        return "answers";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        Script.Writer results = new Script.Writer();
        RequestsTarget.part(results, Frames.RESULT, 0, 0, "seven");
        RequestsTarget.part(results, Frames.RESULT, 0, 1, Map.of(1, List.of(2)));
        results.part(Frames.FAILURE, new byte[] {1, 2, 0}).part(Frames.FAILURE, new byte[] {2, 3, 0});
        seeds.add(results.input());
        FrameOutput failure = new FrameOutput(512, Sink.MAX_FRAME_BYTES);
        Throwable thrown = new IllegalStateException("on purpose", new IOException("cause"));
        thrown.addSuppressed(new IllegalArgumentException("suppressed"));
        Codec codec = new RiverCodecProvider().open(NoObjects.HERE, InputFilter.none());
        Failures.write(thrown, codec::encode, failure);
        byte[] description = Script.bytes(failure.frame());
        seeds.add(new Script.Writer()
                .part(
                        Frames.FAILURE,
                        ByteBuffer.allocate(3 + description.length)
                                .put(new byte[3])
                                .put(description)
                                .flip())
                .input());
        ByteBuffer carried =
                ByteBuffer.allocate(16).put(new byte[] {8, 0, 0, 0}).putLong(1).putInt(1);
        seeds.add(new Script.Writer().part(Frames.RESULT, carried.flip()).input());
        Script.Writer questions = new Script.Writer();
        for (int i = 0; i < QUESTIONS; i++) {
            FrameOutput answer = new FrameOutput(64, 64);
            answer.put(new byte[] {(byte) i, Frames.RESULT, 0}, 0, 3);
            if (i < 2) {
                answer.putLong(77);
            } else {
                answer.putString("a\nb");
            }
            questions.part(QUESTION, answer.frame());
        }
        seeds.add(questions.input());
        seeds.add(new Script.Writer()
                .part(QUESTION, new byte[] {0, Frames.FAILURE, 1})
                .part(Frames.CANCEL, new byte[3])
                .part(Frames.NAMES, new byte[3])
                .input());
        return seeds;
    }

    /** The other end: says what the input has, when it is asked. */
    private static final class Server extends Sink {
        final List<Long> tickets = new ArrayList<>(); // of the tasks; one thread
        byte[] next; // how the next question is answered; one thread
        volatile Peer client;

        @Override
        void sent(ByteBuffer frame) {
            int kind = Frames.kind(frame);
            if (kind == Frames.HELLO) {
                put(welcome());
            } else if (kind == Frames.INVOKE && next == null) {
                tickets.add(Frames.ticket(frame));
            } else if (next != null && !RequestsTarget.SILENT.contains(kind)) {
                byte[] answer = next;
                next = null;
                FrameOutput out = new FrameOutput(64, MAX_FRAME_BYTES);
                int kindOfAnswer = (answer[1] & 1) == (Frames.RESULT & 1) ? Frames.RESULT : Frames.FAILURE;
                Frames.begin(out, kindOfAnswer, answer[2] & 0xff, 0, Frames.ticket(frame), 0);
                out.put(answer, 3, answer.length - 3);
                tell(out);
            }
        }

        private void tell(FrameOutput out) {
            Peer to = client;
            Throwable refused = RequestsTarget.give(to, Script.bytes(out.frame()));
            if (refused != null) {
                to.lost(refused);
            }
        }
    }

    private static byte[] welcome() {
        FrameOutput out = new FrameOutput(64, Sink.MAX_FRAME_BYTES);
        Frames.begin(out, Frames.WELCOME, 0, 0, 0, 0);
        out.putByte(Frames.VERSION);
        out.putString("fuzz");
        out.putString("fuzz");
        out.putLong(1);
        out.putInt(2 * TASKS);
        out.putString("river");
        return Script.bytes(out.frame());
    }

    @Override
    public void run(byte[] input) throws Exception {
        Server server = new Server();
        Peer peer = OutgoingPeer.connect(
                server,
                SinkTransport.READING,
                RequestsTarget.TERMS,
                RequestsTarget.LONG,
                (lost, why) -> new ConnectionException("lost", why),
                new CodeOffer(CodeOffer.Policy.ALL));
        server.client = peer;
        ProcessCalls calls = new ProcessCalls(peer);
        List<Task<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            Call<Integer, RuntimeException> function = () -> 0;
            tasks.add(calls.schedule(function));
        }
        for (Script.Part part : Script.read(input)) {
            take(part, peer, server, calls);
            if (!peer.isOpen()) {
                break;
            }
        }
        peer.lost(new EOFException("the input has ended"));
        for (Task<Object> task : tasks) {
            requireEnd(task);
        }
        if (peer.pendingRequests() != 0) {
            throw new AssertionError(peer.pendingRequests() + " requests are pending at the end");
        }
    }

    private static void take(Script.Part part, Peer peer, Server server, ProcessCalls calls) {
        if (part.tag() == QUESTION) {
            if (part.bytes().length >= 3) {
                server.next = part.bytes();
                ask(part.bytes()[0] & 0xff, calls);
                server.next = null;
            }
            return;
        }
        byte[] frame = RequestsTarget.frame(part);
        if (part.tag() != 0 && part.bytes().length >= 3 && part.bytes()[1] >= 0 && part.bytes()[1] < TASKS) {
            ByteBuffer.wrap(frame).putLong(8, server.tickets.get(part.bytes()[1]));
        }
        Throwable refused = RequestsTarget.give(peer, frame);
        if (refused != null) {
            peer.lost(refused);
        }
    }

    private static void ask(int question, ProcessCalls calls) {
        try {
            switch (question % QUESTIONS) {
                case 0 -> calls.named("name").close();
                case 1 ->
                    calls.wrap(null, (Call<Integer, RuntimeException>) () -> 0).close();
                case 2 -> calls.names();
                case 3 -> calls.remove("name");
                case 4 -> calls.sees("question");
                case 5 -> calls.retain(7);
                default -> calls.stop();
            }
        } catch (ProcessionalException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
        } catch (RuntimeException | Error e) {
            if (!isOfTheOtherEnd(e)) {
                throw e;
            }
        }
    }

    /** Whether the failure came as such in an answer: any exception may. */
    private static boolean isOfTheOtherEnd(Throwable error) {
        for (StackTraceElement frame : error.getStackTrace()) {
            if (frame.toString().contains("process 1")) {
                return true;
            }
        }
        return false;
    }

    private static void requireEnd(Task<Object> task) throws InterruptedException {
        try {
            task.get(RequestsTarget.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a task does not end", e);
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            // what the answer says, or that it cannot be read
        }
    }
}
