// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * One end of one connection.
 *
 * <p><b>Threads:</b> as {@link Codec} says; nothing here waits for anything, but for the first use of a definition.
 */
final class SessionCodec implements Codec {
    /** More circles through lambdas than this in one graph, each around the one before, are refused. */
    private static final int MAX_CYCLES = 64;

    private static final Object[] NO_PRELUDE = {};

    private final JBossCodecProvider provider;
    private final Substitution substitution;
    private final Outgoing outgoing = new Outgoing();
    private final Incoming incoming;
    private final Pool<BodyWriter> writers = new Pool<>();
    private final Pool<BodyReader> readers = new Pool<>();
    private volatile @Nullable Rest rest; // made at first need; two threads may make one each

    SessionCodec(JBossCodecProvider provider, Substitution substitution, InputFilter filter) {
        this.provider = provider;
        this.substitution = substitution;
        this.incoming = new Incoming(filter);
    }

    @Override
    public List<Definition> encode(@Nullable Object value, FrameOutput out) {
        BodyWriter writer = writers.take();
        if (writer == null) {
            writer = new BodyWriter(outgoing, new Proxies(substitution));
        }
        int start = out.size();
        boolean done = false;
        try {
            List<Definition> needed = encode(value, out, start, writer);
            done = true;
            return needed;
        } catch (CodecException e) {
            throw e;
        } catch (BodyWriter.Refused e) {
            throw e.reason;
        } catch (BodyWriter.Unfit e) {
            throw Inspection.refusal(this, value, out.maxBytes(), e.object, null);
        } catch (StackOverflowError e) {
            throw BodyWriter.tooDeep();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw Inspection.refusal(this, value, out.maxBytes(), null, e);
        } finally {
            if (!done) {
                writer.forget();
            }
            writer.clear();
            writers.give(writer);
        }
    }

    /**
     * What became of a graph that was written to be looked at.
     *
     * @param unfit what cannot travel, in the order in which it was met; an object may be in it more than once
     * @param failure what ended the writing; null if nothing did
     * @param bytes length of the body
     * @param definitionBytes length of the definitions that the other end does not have yet
     */
    record Probed(List<Object> unfit, @Nullable Throwable failure, long bytes, long definitionBytes) {
        /** Whether the graph can be sent. */
        boolean travels() {
            return unfit.isEmpty() && failure == null;
        }
    }

    /**
     * Writes a graph past everything that cannot travel; the bytes are thrown away.
     *
     * @param value the graph
     * @param maxBytes the longest body
     */
    Probed probe(@Nullable Object value, int maxBytes) {
        List<Object> unfit = new ArrayList<>();
        FrameOutput out = new FrameOutput(64, maxBytes);
        BodyWriter writer = new BodyWriter(outgoing, new Proxies(substitution));
        writer.lookOnly(unfit);
        Throwable failure = null;
        long definitionBytes = 0;
        try {
            for (Definition definition : encode(value, out, 0, writer)) {
                definitionBytes += definition.bytes().remaining();
            }
        } catch (BodyWriter.Refused e) {
            failure = e.reason;
        } catch (StackOverflowError e) {
            failure = BodyWriter.tooDeep();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            failure = e;
        } finally {
            writer.forget();
            writer.clear();
        }
        return new Probed(unfit, failure, out.size(), definitionBytes);
    }

    private List<Definition> encode(@Nullable Object root, FrameOutput out, int start, BodyWriter writer)
            throws Throwable {
        @Nullable Object[] prelude = NO_PRELUDE;
        boolean own = true;
        for (int cycles = 0; cycles <= MAX_CYCLES; ) {
            try {
                if (own) {
                    writer.write(prelude, root, out);
                } else {
                    rest().write(prelude, root, out, writer);
                }
                return writer.definitions();
            } catch (BodyWriter.RestNeeded e) {
                own = false;
            } catch (BodyWriter.Cycle e) {
                prelude = join(Contents.of(e.object, ClassPlan.of(e.object.getClass())), prelude);
                cycles++;
            }
            out.size(start);
            writer.restart();
        }
        throw new CodecException("a graph of lambdas or records that contain each other in more than " + MAX_CYCLES
                + " circles; let them refer to each other by a name or a number");
    }

    private static @Nullable Object[] join(@Nullable Object[] first, @Nullable Object[] then) {
        @Nullable Object[] both = new Object[first.length + then.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(then, 0, both, first.length, then.length);
        return both;
    }

    @Override
    public void define(ByteBuffer definition) {
        incoming.define(definition.duplicate().order(ByteOrder.BIG_ENDIAN));
    }

    @Override
    public @Nullable Object decode(ByteBuffer body, ClassLoader loader) {
        BodyReader reader = readers.take();
        if (reader == null) {
            reader = new BodyReader(incoming, substitution);
        }
        ByteOrder order = body.order();
        body.order(ByteOrder.BIG_ENDIAN);
        try {
            return decode(body, loader, reader);
        } catch (CodecException e) {
            throw e;
        } catch (StackOverflowError e) {
            throw BodyWriter.tooDeep();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw Diagnosis.unreadable(e);
        } finally {
            body.order(order);
            reader.clear();
            readers.give(reader);
        }
    }

    private @Nullable Object decode(ByteBuffer body, ClassLoader loader, BodyReader reader) throws Throwable {
        Object value;
        if (body.hasRemaining() && body.get(body.position()) == Tag.REST) {
            body.get();
            value = rest().read(body, loader, reader);
        } else {
            value = reader.read(body, loader);
        }
        if (body.hasRemaining()) {
            throw new CodecException("damaged message: " + body.remaining() + " bytes too many");
        }
        return value;
    }

    private Rest rest() {
        Rest present = rest;
        if (present == null) {
            present = provider.rest();
            rest = present;
        }
        return present;
    }
}
