// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function that the server has under a name ({@link ServeOptions#functions}): name and arguments travel, code
 * does not. It goes wherever a {@link Call} goes: {@code process.invoke(NamedCall.of("sum", numbers))}.
 *
 * <p><b>Threads:</b> immutable, as far as its arguments are.
 *
 * @param function the name of the function
 * @param arguments what it is called with
 * @param <T> what it returns; not checked
 * @since 0.1
 */
public record NamedCall<T extends @Nullable Object>(String function, List<? extends @Nullable Object> arguments)
        implements Call<T, Exception> {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Takes a copy of the arguments. */
    public NamedCall {
        Objects.requireNonNull(function, "function");
        arguments = new ArrayList<>(arguments).stream().toList(); // which takes null
    }

    /**
     * A call.
     *
     * @param function the name of the function
     * @param arguments what it is called with; each must travel
     * @param <T> what it returns
     * @return the call
     */
    public static <T extends @Nullable Object> NamedCall<T> of(String function, @Nullable Object... arguments) {
        return new NamedCall<>(function, Arrays.asList(arguments));
    }

    /**
     * Fails: only a process that has registered functions knows what the name means.
     *
     * @throws ProcessionalException always
     */
    @Override
    public T call() {
        throw new ConnectionException("function \"" + function + "\" is called in a process that does not serve it;"
                + " give the call to a client of the server that has it in its ServeOptions");
    }
}
