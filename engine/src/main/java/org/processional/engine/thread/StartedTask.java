// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.engine.task.Failure;
import org.processional.engine.task.ThreadFailure;

/**
 * A task with a thread of its own, which knows who asked for it: beside the start of a thread, that costs nothing.
 *
 * <p><b>Threads:</b> made by the one who asks for it; the rest from any thread.
 */
final class StartedTask<T extends @Nullable Object> extends LocalTask<T> {
    private final String name;
    private final Throwable site = new Throwable(); // its frames are looked at only if the function fails

    StartedTask(Call<T, ?> call, String name) {
        super(call);
        this.name = name;
    }

    @Override
    Failure thrown(Throwable error, @Nullable TaskQueue home) {
        return ThreadFailure.asked(error, name, site);
    }
}
