// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.Effect;
import org.processional.Proxy;
import org.processional.Task;
import org.processional.Work;

/** Classes whose objects the tests send. */
final class Samples {
    private Samples() {}

    enum Plain {
        ONE,
        TWO
    }

    enum Bodied {
        UP {
            @Override
            int step() {
                return 1;
            }
        },
        DOWN {
            @Override
            int step() {
                return -1;
            }
        };

        abstract int step();
    }

    record Point(int x, int y) implements Serializable {}

    record Everything(
            boolean z,
            byte b,
            short s,
            char c,
            int i,
            long j,
            float f,
            double d,
            @Nullable String text,
            @Nullable Object any,
            int @Nullable [] ints)
            implements Serializable {}

    record Empty() implements Serializable {}

    record Checked(int positive) implements Serializable {
        Checked {
            if (positive <= 0) {
                throw new IllegalArgumentException("not positive: " + positive);
            }
        }
    }

    record Box<T>(T content) implements Serializable {}

    /** A record of which there is one for each name. */
    record Interned(String name) implements Serializable {
        static final Interned ONLY = new Interned("only");

        private Object readResolve() {
            return name.equals("only") ? ONLY : this;
        }
    }

    /** A record that travels as something else. */
    record Replaced(String name) implements Serializable {
        private Object writeReplace() {
            return new StringBuilder("instead of ").append(name);
        }
    }

    record Unserializable(int x) {}

    /** A plain class, with a way back to itself. */
    static class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        final String name;

        @Nullable
        Object next;

        transient int forgotten = 7;

        Node(String name) {
            this.name = name;
        }

        Call<String, RuntimeException> nameCall() {
            return () -> name;
        }
    }

    /** A class that writes more than its fields. */
    static final class Custom implements Serializable {
        private static final long serialVersionUID = 1L;

        private transient int doubled;

        Custom(int value) {
            doubled = 2 * value;
        }

        int doubled() {
            return doubled;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(doubled / 2);
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            doubled = 2 * in.readInt();
        }
    }

    /** One object for the whole process. */
    static final class Single implements Serializable {
        private static final long serialVersionUID = 1L;

        static final Single INSTANCE = new Single();

        private Single() {}

        private Object readResolve() {
            return INSTANCE;
        }
    }

    /** All objects of this class travel as one. */
    static final class Alike implements Serializable {
        private static final long serialVersionUID = 1L;

        private static final Node COMMON = new Node("common");

        private Object writeReplace() {
            return COMMON;
        }
    }

    /** A class that writes itself. */
    public static final class Outside implements Externalizable {
        private static final long serialVersionUID = 1L;

        private String text = "";

        /** For reading. */
        public Outside() {}

        Outside(String text) {
            this.text = text;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF(text);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            text = in.readUTF();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Outside o && o.text.equals(text);
        }

        @Override
        public int hashCode() {
            return Objects.hash(text);
        }
    }

    /** A failure with more to it than a message. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        final int code;
        final transient Object lost = new Object();

        Failure(String message, int code, @Nullable Throwable cause) {
            super(message, cause);
            this.code = code;
        }
    }

    static final class NotForTravel {
        final int x = 1;
    }

    static final class Connection {}

    static final class Customer implements Serializable {
        private static final long serialVersionUID = 1L;

        String name = "Ann";

        @SuppressWarnings("serial") // what the test is about
        Connection connection = new Connection();
    }

    static final class Order implements Serializable {
        private static final long serialVersionUID = 1L;

        int lines = 3;
        Customer customer = new Customer();
    }

    /** Enough of a proxy. */
    static final class Stub<T> implements Proxy<T> {
        @Override
        public T get() {
            throw new IllegalStateException();
        }

        @Override
        public <R extends @Nullable Object, X extends Exception> R call(Work<? super T, R, X> work) throws X {
            throw new IllegalStateException();
        }

        @Override
        public <X extends Exception> void run(Effect<? super T, X> effect) throws X {
            throw new IllegalStateException();
        }

        @Override
        public <R extends @Nullable Object> Task<R> schedule(Work<? super T, R, ?> work) {
            throw new IllegalStateException();
        }

        @Override
        public <S> S as(Class<S> type) {
            throw new IllegalStateException();
        }

        @Override
        public T stub() {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}
    }

    static int twice(int x) {
        return 2 * x;
    }

    static <T> List<T> listOf(T one) {
        return List.of(one);
    }
}
