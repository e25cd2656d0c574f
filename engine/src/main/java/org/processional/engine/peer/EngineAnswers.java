// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import org.processional.engine.memory.LargeValues;
import org.processional.engine.task.Completions;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * Answers what the engine at the other end asks of this one. Beside the thread that reads, since it opens files, and since
 * a reader never waits for room.
 *
 * <p><b>Threads:</b> called by the thread that reads.
 */
final class EngineAnswers {
    private EngineAnswers() {}

    static void give(Peer peer, CodeOffer offer, int kind, long ticket, ByteBuffer question) {
        Completions.run(() -> answer(peer, offer, kind, ticket, question));
    }

    private static void answer(Peer peer, CodeOffer offer, int kind, long ticket, ByteBuffer question) {
        FrameOutput out = peer.output();
        List<Definition> definitions = List.of();
        try {
            int flags = kind == Frames.RETAIN ? Frames.KEEP : 0; // released if it was interrupted meanwhile
            Frames.begin(out, Frames.RESULT, flags, peer.generation(), ticket, 0);
            switch (kind) {
                case Frames.SEES -> out.putString(LargeValues.answer(FrameOutput.readString(question)) ? "1" : "");
                case Frames.RETAIN -> {
                    long number = question.getLong();
                    Exports.HERE.retain(peer.held(), number);
                    out.putLong(number);
                }
                case Frames.MANIFEST -> put(offer.manifest(FrameOutput.readString(question)), out);
                default -> put(offer.content(question), out);
            }
        } catch (RuntimeException | Error e) { // the other end waits for an answer in any case
            Frames.begin(out, Frames.FAILURE, 0, peer.generation(), ticket, 0);
            definitions = Failures.write(e, peer::encode, out);
        }
        peer.answer(out, definitions, false);
    }

    private static void put(ByteBuffer bytes, FrameOutput out) {
        out.room(bytes.remaining()).put(bytes);
    }
}
