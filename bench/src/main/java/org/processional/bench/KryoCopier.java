// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ClosureSerializer;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import java.lang.invoke.SerializedLambda;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Kryo with the abilities that ours has: classes that nobody registered, lambdas, graphs with circles.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class KryoCopier implements Copier {
    private static final int MAX_BYTES = 1 << 24;

    private final Kryo kryo = new Kryo();
    private final Output out = new Output(1024, MAX_BYTES);
    private final Input in = new Input();

    KryoCopier() {
        kryo.setRegistrationRequired(false);
        kryo.setReferences(true);
        kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
        kryo.register(Object[].class);
        kryo.register(Class.class);
        kryo.register(SerializedLambda.class);
        kryo.register(ClosureSerializer.Closure.class, new ClosureSerializer());
    }

    @Override
    public Object copy(Object graph) {
        out.reset();
        kryo.writeClassAndObject(out, graph);
        in.setBuffer(out.getBuffer(), 0, out.position());
        return kryo.readClassAndObject(in);
    }
}
