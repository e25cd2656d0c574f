// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.processional.CodecException;
import org.processional.spi.InputFilter;

/** A filter that refuses what it is told to, and notes what it is asked about. */
final class Judge implements InputFilter {
    final List<Class<?>> asked = new ArrayList<>();
    final Set<Class<?>> refused = new HashSet<>();
    boolean noLambdas;
    boolean counts;
    long mostElements = Long.MAX_VALUE;
    long deepest = Long.MAX_VALUE;
    long mostObjects = Long.MAX_VALUE;
    long mostBytes = Long.MAX_VALUE;

    static Judge ofElements(long most) {
        Judge judge = counting();
        judge.mostElements = most;
        return judge;
    }

    static Judge ofDepth(long most) {
        Judge judge = counting();
        judge.deepest = most;
        return judge;
    }

    static Judge ofObjects(long most) {
        Judge judge = counting();
        judge.mostObjects = most;
        return judge;
    }

    static Judge ofBytes(long most) {
        Judge judge = counting();
        judge.mostBytes = most;
        return judge;
    }

    private static Judge counting() {
        Judge judge = new Judge();
        judge.counts = true;
        return judge;
    }

    @Override
    public void name(String name) {}

    @Override
    public void type(Class<?> type) {
        asked.add(type);
        check(!refused.contains(type), type.getName());
    }

    @Override
    public void lambda(Class<?> capturing) {
        check(!noLambdas, "lambdas");
    }

    @Override
    public boolean counts() {
        return counts;
    }

    @Override
    public void count(ObjectInputFilter.FilterInfo info) {
        check(info.arrayLength() <= mostElements, "elements");
        check(info.depth() <= deepest, "depth");
        check(info.references() <= mostObjects, "objects");
        check(info.streamBytes() <= mostBytes, "bytes");
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new CodecException("refused: " + what);
        }
    }
}
