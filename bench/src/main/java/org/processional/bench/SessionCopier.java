// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * The default codec of Processional: the two ends of a session, without an engine and a connection between them.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class SessionCopier implements Copier {
    private static final int MAX_BYTES = 1 << 24;

    private final Codec sender;
    private final Codec receiver;
    private final FrameOutput out = new FrameOutput(1024, MAX_BYTES);
    private final ClassLoader loader = SessionCopier.class.getClassLoader();

    SessionCopier() {
        CodecProvider provider = ServiceLoader.load(CodecProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .max(Comparator.comparingInt(CodecProvider::priority))
                .orElseThrow();
        sender = provider.open(new Nothing(), InputFilter.none());
        receiver = provider.open(new Nothing(), InputFilter.none());
    }

    @Override
    public Object copy(Object graph) {
        out.clear();
        List<Definition> definitions = sender.encode(graph, out);
        for (Definition definition : definitions) {
            receiver.define(definition.bytes());
            definition.sent();
        }
        Object copy = receiver.decode(out.frame(), loader);
        if (copy == null) {
            throw new CodecException("nothing arrived");
        }
        return copy;
    }

    /** All travels as itself. */
    private static final class Nothing implements Substitution {
        @Override
        public byte @org.jspecify.annotations.Nullable [] replace(Object object) {
            return null;
        }

        @Override
        public Object resolve(byte[] bytes) {
            throw new CodecException("nothing was replaced");
        }
    }
}
