// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/** The two ends of a connection, without a connection. */
final class Ends {
    final Codec sender;
    final Codec receiver;
    final FrameOutput out = new FrameOutput(64, 1 << 28);
    final Substitution substitution;
    int definitions; // sent so far

    Ends(CodecProvider provider) {
        this(provider, new Handles());
    }

    Ends(CodecProvider provider, Substitution substitution) {
        this(provider, substitution, InputFilter.none());
    }

    /** Two ends of which one has a filter. */
    Ends(CodecProvider provider, Substitution substitution, InputFilter filter) {
        this.substitution = substitution;
        this.sender = provider.open(substitution, InputFilter.none());
        this.receiver = provider.open(substitution, filter);
    }

    /** Sends an object over, and gives what arrives. */
    @SuppressWarnings("unchecked")
    <T> T trip(@Nullable T value) {
        return (T) trip(value, Ends.class.getClassLoader());
    }

    @Nullable
    Object trip(@Nullable Object value, ClassLoader loader) {
        return decode(encode(value), loader);
    }

    /** The body, after its definitions have been sent. */
    byte[] encode(@Nullable Object value) {
        out.clear();
        List<Definition> needed = sender.encode(value, out);
        for (Definition definition : needed) {
            receiver.define(definition.bytes());
            definition.sent();
            definitions++;
        }
        byte[] body = new byte[out.size()];
        out.frame().get(body);
        return body;
    }

    @Nullable
    Object decode(byte[] body, ClassLoader loader) {
        return receiver.decode(ByteBuffer.wrap(body), loader);
    }

    /** Stand-ins of proxies: their number. */
    static final class Handles implements Substitution {
        private final Map<Object, Byte> numbers = new IdentityHashMap<>();
        private final Map<Byte, Object> objects = new java.util.HashMap<>();
        int replaced;

        @Override
        public byte[] replace(Object proxy) {
            replaced++;
            byte number = numbers.computeIfAbsent(proxy, p -> (byte) (numbers.size() + 1));
            objects.put(number, proxy);
            return new byte[] {42, number};
        }

        @Override
        public Object resolve(byte[] bytes) {
            Object proxy = bytes.length == 2 && bytes[0] == 42 ? objects.get(bytes[1]) : null;
            if (proxy == null) {
                throw new CodecException("not a proxy");
            }
            return proxy;
        }
    }
}
