// SPDX-License-Identifier: Apache-2.0
package org.example.guarded;

import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.List;
import org.processional.Call;

/** A value of users, and functions of theirs, outside of the packages of this project. */
public record Order(String what, int number) implements Serializable {
    /** A class that travels by its fields. */
    public static final class Plain implements Serializable {
        private static final long serialVersionUID = 1L;

        final int value = 3;
    }

    /** One that has methods of its own for serialization, and notes that they ran. */
    public static final class Custom implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(java.io.ObjectInputStream from) throws java.io.IOException, ClassNotFoundException {
            from.defaultReadObject();
            Noted.count++;
        }
    }

    /** What was read in this process. */
    public static final class Noted {
        static volatile int count;

        private Noted() {}

        public static int count() {
            return count;
        }
    }

    /** An enum. */
    public enum Kind {
        GOOD
    }

    /** An exception. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused() {
            super("no such order");
        }
    }

    /** A function that is no lambda. */
    public record Counting(int start) implements Call<Integer, RuntimeException> {
        @Override
        public Integer call() {
            return start + 1;
        }
    }

    /** A function that travels as what Java serialization has in place of a lambda. */
    public static final class Disguised implements Call<Integer, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer call() {
            return 0;
        }

        private Object writeReplace() throws ReflectiveOperationException {
            Call<Integer, RuntimeException> lambda = one();
            Method replace = lambda.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            return replace.invoke(lambda);
        }
    }

    public static Call<Object, RuntimeException> capturing(Object value) {
        return () -> value.getClass().getName();
    }

    public static Call<Integer, RuntimeException> one() {
        return () -> 1;
    }

    public static Call<Object, RuntimeException> returning(String kind) {
        return () -> value(kind);
    }

    public static Call<Object, RuntimeException> failing() {
        return () -> {
            throw new Refused();
        };
    }

    /** A value of each way in which a class can travel. */
    public static Object value(String kind) {
        return switch (kind) {
            case "record" -> new Order("x", 1);
            case "plain" -> new Plain();
            case "custom" -> new Custom();
            case "enum" -> Kind.GOOD;
            case "exception" -> new Refused();
            case "array" -> new Order[] {new Order("x", 1)};
            case "class" -> Order.class;
            case "list" -> List.of(new Order("x", 1));
            default -> capturing(1);
        };
    }
}
