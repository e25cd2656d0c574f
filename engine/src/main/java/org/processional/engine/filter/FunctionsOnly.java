// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.filter;

import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.util.Set;
import java.util.TreeSet;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.Effect;
import org.processional.NamedCall;
import org.processional.Work;
import org.processional.spi.InputFilter;

/**
 * Takes no functions: neither lambdas, those of the engine included, nor objects of classes that are functions.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param names of the functions that the process has itself
 * @param filter decides about everything else
 */
public record FunctionsOnly(Set<String> names, InputFilter filter) implements InputFilter {
    @Override
    public void name(String name) {
        filter.name(name);
    }

    @Override
    public void type(Class<?> type) {
        if (type == SerializedLambda.class) { // which becomes a lambda where it is read
            throw refused("a lambda, as a " + type.getName() + ",");
        }
        boolean runs = Call.class.isAssignableFrom(type)
                || Action.class.isAssignableFrom(type)
                || Work.class.isAssignableFrom(type)
                || Effect.class.isAssignableFrom(type);
        if (runs && type != NamedCall.class) {
            throw refused("class " + type.getName() + ", a function,");
        }
        filter.type(type);
    }

    @Override
    public void lambda(Class<?> capturing) {
        throw refused("a lambda of class " + capturing.getName());
    }

    private CodecException refused(String what) {
        return new CodecException(what + " is refused in process "
                + ProcessHandle.current().pid() + ", which runs only the functions that it serves by their names, "
                + new TreeSet<>(names) + "; call one of these, with NamedCall.of(name, arguments)");
    }

    @Override
    public boolean counts() {
        return filter.counts();
    }

    @Override
    public void count(ObjectInputFilter.FilterInfo info) {
        filter.count(info);
    }
}
