// SPDX-License-Identifier: Apache-2.0
package corners;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.processional.Action;
import org.processional.Call;
import org.processional.Work;

/** Functions of every kind, in a class that is not serializable; compiled by the tests with several compilers. */
public class Corners {
    private int bar = 5;
    int qux = 6;

    int baz() {
        return bar + 1;
    }

    /** Cannot travel. */
    public static class Thing {
        public int x = 1;
    }

    /** Would travel, but for what is in it. */
    public static class Order implements Serializable {
        public int lines = 2;
        Customer customer = new Customer();
    }

    public static class Customer implements Serializable {
        Thing thing = new Thing();
    }

    // ---- lambdas

    public static Call<String, RuntimeException> lambda() {
        int n = 3;
        long wide = 4;
        String text = "text";
        return () -> text + n + wide;
    }

    public static Call<Integer, RuntimeException> lambdaWithThings() {
        int n = 3;
        Thing thing = new Thing();
        Order order = new Order();
        return () -> n + thing.x + order.lines;
    }

    public Call<Integer, RuntimeException> lambdaWithField() {
        return () -> bar;
    }

    public Call<Integer, RuntimeException> lambdaWithFields() {
        return () -> bar > 0 ? bar + qux : bar;
    }

    public Call<Integer, RuntimeException> lambdaWithMethod() {
        return () -> baz() + bar;
    }

    public Call<Integer, RuntimeException> lambdaWithLocalCopy() {
        int copy = bar;
        return () -> copy;
    }

    public Call<Integer, RuntimeException> lambdaWithOtherCorners() {
        Corners other = new Corners();
        return () -> other.qux + bar;
    }

    public Call<Object, RuntimeException> lambdaWithThisItself() {
        return () -> this;
    }

    public Action<RuntimeException> lambdaThatLoops() {
        return () -> {
            for (int i = 0; i < 3; i++) {
                try {
                    switch (i) {
                        case 0 -> qux++;
                        case 1000 -> qux--;
                        default -> throw new IllegalStateException("" + i);
                    }
                } catch (IllegalStateException e) {
                    bar += (int) (1L << i);
                }
            }
        };
    }

    // ---- method references

    public static int answer() {
        return 42;
    }

    public static Call<Integer, RuntimeException> staticReference() {
        return Corners::answer;
    }

    public static Work<String, Integer, RuntimeException> unboundReference() {
        return String::length;
    }

    public static Call<Integer, RuntimeException> boundReference() {
        String text = "text";
        return text::length;
    }

    public static Call<String, RuntimeException> referenceToThing() {
        Thing thing = new Thing();
        return thing::toString;
    }

    public Call<Integer, RuntimeException> referenceToThis() {
        return this::baz;
    }

    public static Call<List<Object>, RuntimeException> constructorReference() {
        return ArrayList::new;
    }

    static String join(Object... parts) {
        return "joined " + parts.length;
    }

    public static Call<String, RuntimeException> varargsReference() {
        return Corners::join;
    }

    static class Base implements Serializable {
        String name() {
            return "base";
        }
    }

    static class Derived extends Base {
        @Override
        String name() {
            return "derived";
        }

        Call<String, RuntimeException> reference() {
            return super::name;
        }
    }

    public static Call<String, RuntimeException> superReference() {
        return new Derived().reference();
    }

    // ---- nested lambdas

    public static Call<Integer, RuntimeException> nested() {
        int n = 3;
        return () -> {
            Call<Integer, RuntimeException> inner = () -> n + 1;
            return inner.call();
        };
    }

    public static Call<Integer, RuntimeException> nestedWithThing() {
        Thing thing = new Thing();
        Call<Integer, RuntimeException> inner = () -> thing.x;
        return () -> inner.call() + 1;
    }

    public Call<Integer, RuntimeException> nestedWithField() {
        return () -> {
            Call<Integer, RuntimeException> inner = () -> {
                Call<Integer, RuntimeException> innermost = () -> bar;
                return innermost.call();
            };
            return inner.call();
        };
    }

    public Call<Call<Integer, RuntimeException>, RuntimeException> innerOfNested() {
        int n = 3;
        return () -> () -> n + 1;
    }

    // ---- anonymous classes

    public static Call<Integer, RuntimeException> anonymous() {
        int n = 3;
        return new Call<Integer, RuntimeException>() {
            @Override
            public Integer call() {
                return n + 1;
            }
        };
    }

    public static Call<Integer, RuntimeException> anonymousWithThing() {
        Thing thing = new Thing();
        return new Call<Integer, RuntimeException>() {
            @Override
            public Integer call() {
                return thing.x;
            }
        };
    }

    public Call<Integer, RuntimeException> anonymousWithField() {
        int n = 3;
        return new Call<Integer, RuntimeException>() {
            int own = 1;

            @Override
            public Integer call() {
                Call<Integer, RuntimeException> inner = () -> bar + own;
                return n + inner.call();
            }
        };
    }

    public Call<Integer, RuntimeException> anonymousInMethod() {
        return new Call<Integer, RuntimeException>() {
            @Override
            public Integer call() {
                return 1;
            }
        };
    }

    public Call<Call<Integer, RuntimeException>, RuntimeException> lambdaInAnonymous() {
        return new Call<Call<Integer, RuntimeException>, RuntimeException>() {
            @Override
            public Call<Integer, RuntimeException> call() {
                return () -> bar;
            }
        };
    }

    // ---- local classes

    public static Call<Integer, RuntimeException> local() {
        int n = 3;
        class Local implements Call<Integer, RuntimeException> {
            @Override
            public Integer call() {
                return n + 1;
            }
        }
        return new Local();
    }

    public Call<Integer, RuntimeException> localWithMethod() {
        class Local implements Call<Integer, RuntimeException> {
            @Override
            public Integer call() {
                return baz();
            }
        }
        return new Local();
    }

    public static Call<Integer, RuntimeException> localRecord() {
        record Sum(int a, int b) implements Call<Integer, RuntimeException> {
            @Override
            public Integer call() {
                return a + b;
            }
        }
        return new Sum(3, 4);
    }

    // ---- generic methods

    static <T extends Comparable<T>> Call<T, RuntimeException> larger(T a, T b) {
        return () -> a.compareTo(b) > 0 ? a : b;
    }

    static <T> Call<T, RuntimeException> constant(T value) {
        return () -> value;
    }

    public static Call<String, RuntimeException> generic() {
        return larger("a", "b");
    }

    public static Call<Thing, RuntimeException> genericWithThing() {
        return constant(new Thing());
    }

    // ---- default methods of interfaces

    interface Numbered {
        int number();

        default Call<Integer, RuntimeException> twice() {
            int two = 2;
            return () -> two * number();
        }
    }

    record Number(int number) implements Numbered, Serializable {}

    static class Stuck implements Numbered {
        @Override
        public int number() {
            return 3;
        }
    }

    public static Call<Integer, RuntimeException> ofDefaultMethod() {
        return new Number(4).twice();
    }

    public static Call<Integer, RuntimeException> ofDefaultMethodStuck() {
        return new Stuck().twice();
    }
}
