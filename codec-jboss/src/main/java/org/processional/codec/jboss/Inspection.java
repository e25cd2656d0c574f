// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Explanation;

/**
 * Finds all that keeps a graph from travelling: it is written once more, past everything that cannot be, so that the
 * codec itself tells, and nothing else can disagree with it. What a lambda captures is written one by one, because code
 * of the user's that fails ends the writing.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Inspection {
    private final SessionCodec codec;
    private final @Nullable Object root;
    private final int maxBytes;
    private final List<Object> unfit = new ArrayList<>();
    private final Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Explanation.Obstacle> failures = new ArrayList<>();
    private @Nullable Throwable cause; // the first failure

    private Inspection(SessionCodec codec, @Nullable Object root, int maxBytes) {
        this.codec = codec;
        this.root = root;
        this.maxBytes = maxBytes;
    }

    /** Everything that keeps a graph from travelling in a number of bytes; none if it travels. */
    static List<Explanation.Obstacle> of(SessionCodec codec, @Nullable Object root, int maxBytes) {
        Inspection inspection = new Inspection(codec, root, maxBytes);
        inspection.run();
        return inspection.obstacles();
    }

    /**
     * The exception about a graph that could not be written.
     *
     * @param codec the codec
     * @param root the graph
     * @param maxBytes the longest body
     * @param known an object that cannot travel; null if something failed
     * @param failure what failed; null if nothing did
     */
    static CodecException refusal(
            SessionCodec codec,
            @Nullable Object root,
            int maxBytes,
            @Nullable Object known,
            @Nullable Throwable failure) {
        Inspection inspection = new Inspection(codec, root, maxBytes);
        inspection.run();
        if (known != null && inspection.unfit.isEmpty()) { // the graph changes: what was seen first counts
            inspection.unfit.add(known);
        }
        if (failure != null && inspection.failures.isEmpty()) {
            inspection.fail(-1, failure);
        }
        return Diagnosis.refusal(inspection.obstacles(), failure == null ? inspection.cause : failure);
    }

    private void run() {
        ClassPlan plan = root == null ? null : ClassPlan.of(root.getClass());
        if (root == null || plan == null || plan.tag != Tag.LAMBDA) {
            probe(root, -1);
            return;
        }
        Object[] captured = Contents.of(plan.form(root));
        for (int i = 0; i < captured.length; i++) {
            probe(captured[i], i);
        }
        if (unfit.isEmpty() && failures.isEmpty()) {
            probe(root, -1); // it is the lambda itself, or all of it together
        }
    }

    private void probe(@Nullable Object value, int capture) {
        SessionCodec.Probed probed = codec.probe(value, maxBytes);
        for (Object object : probed.unfit()) {
            if (met.add(object)) {
                unfit.add(object);
            }
        }
        Throwable failure = probed.failure();
        if (failure != null) {
            fail(capture, failure);
        }
    }

    private void fail(int capture, Throwable failure) {
        failures.add(Diagnosis.failed(root, capture, failure));
        cause = cause == null ? failure : cause;
    }

    private List<Explanation.Obstacle> obstacles() {
        int most = Math.min(unfit.size(), Explanation.MAX_OBSTACLES);
        List<Explanation.Obstacle> all = new ArrayList<>(Diagnosis.unfit(root, unfit.subList(0, most)));
        all.addAll(failures.subList(0, Math.min(failures.size(), Explanation.MAX_OBSTACLES - most)));
        return all;
    }
}
