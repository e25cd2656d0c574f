// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.ConnectionException;

/** The way to a client in the same JVM; it can end. */
final class TestSupply implements CodeSupply {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger contentCalls = new AtomicInteger();
    volatile boolean isGone;
    private final CodeOrigin origin;
    private final List<ClassLoader> loaders; // the origin does not keep them

    TestSupply(CodeOrigin origin, ClassLoader... loaders) {
        this.origin = origin;
        this.loaders = List.of(loaders);
        this.loaders.forEach(origin::offer);
    }

    static TestSupply of(ClassLoader loader) {
        return new TestSupply(new CodeOrigin(), loader);
    }

    @Override
    public ByteBuffer manifest(String resourceName) {
        check();
        asked.add(resourceName);
        return origin.manifest(resourceName);
    }

    @Override
    public ByteBuffer content(ByteBuffer request) {
        check();
        contentCalls.incrementAndGet();
        return origin.content(request);
    }

    private void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("the interrupt flag is set");
        }
        if (isGone) {
            throw new ConnectionException("the connection to unix:/tmp/x was closed; connect again");
        }
    }
}
