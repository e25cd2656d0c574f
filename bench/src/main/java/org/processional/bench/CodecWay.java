// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

/**
 * Encodes graphs and decodes them, a number of them in a step. The graphs are made beforehand.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class CodecWay implements Way {
    private final Copier copier;
    private final Graph kind;
    private final Object[] graphs;

    CodecWay(Copier copier, Graph kind, int operations) {
        this.copier = copier;
        this.kind = kind;
        this.graphs = new Object[operations];
        for (int i = 0; i < operations; i++) {
            graphs[i] = kind.make(i);
        }
    }

    @Override
    public long step() throws Exception {
        long sum = 0;
        for (Object graph : graphs) {
            sum += kind.check(copier.copy(graph));
        }
        return sum;
    }

    @Override
    public void close() {}
}
