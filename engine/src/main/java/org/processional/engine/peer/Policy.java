// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.NamedCall;
import org.processional.ServerFunction;
import org.processional.engine.filter.FunctionsOnly;
import org.processional.spi.InputFilter;

/**
 * What a process takes of those at the other ends of its connections.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param code whether they bring classes
 * @param filter which classes may come
 * @param functions what they can call by name; if there is anything, nothing else runs
 * @param limits how much they may take
 */
public record Policy(boolean code, InputFilter filter, Map<String, ServerFunction> functions, Limits limits) {
    /** Lets the filter refuse functions, where only named ones run. */
    public Policy {
        filter = functions.isEmpty() ? filter : new FunctionsOnly(functions.keySet(), filter);
    }

    /** The policy of a process whose clients send functions. */
    public static Policy of(boolean code, InputFilter filter, Limits limits) {
        return new Policy(code, filter, Map.of(), limits);
    }

    /**
     * Refuses what clients might do to the process, where only named functions run.
     *
     * @param what it is, for the message
     * @throws ConnectionException if they may not
     */
    void allow(String what) {
        if (!functions.isEmpty()) {
            throw new ConnectionException("process " + Identity.PID + " refuses " + what
                    + ": its clients may only call the functions that it serves by their names, "
                    + new TreeSet<>(functions.keySet()));
        }
    }

    /** Runs a function by its name. */
    @Nullable
    Object call(NamedCall<?> named) throws Exception {
        ServerFunction function = functions.get(named.function());
        if (function == null) {
            throw new ConnectionException("process " + Identity.PID + " has no function \"" + named.function()
                    + "\"; it has " + new TreeSet<>(functions.keySet())
                    + "; a server has those of its ServeOptions");
        }
        return function.call(named.arguments().toArray());
    }
}
