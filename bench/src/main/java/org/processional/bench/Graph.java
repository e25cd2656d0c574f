// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.processional.Call;

/** What the rows of the codec encode and decode. */
enum Graph {
    /** A function that captures an int and a string. */
    LAMBDA {
        @Override
        Object make(int number) {
            return Functions.capturing(number, ThreadWays.TEXT);
        }

        @Override
        @SuppressWarnings("unchecked") // what was made is of this type
        int check(Object copy) {
            return ((Call<Integer, RuntimeException>) copy).call();
        }
    },
    /** A record that holds records. */
    RECORD {
        @Override
        Object make(int number) {
            return new Person("Ada Lovelace", number, new Address("St James's Square", 12), new Point(number, -number));
        }

        @Override
        int check(Object copy) {
            Person person = (Person) copy;
            return person.age()
                    + person.address().street().length()
                    + person.at().x()
                    + person.at().y();
        }
    },
    /** An order with lines that know their order: plain serializable classes, and circles. */
    ORDER {
        @Override
        Object make(int number) {
            return new Order(number);
        }

        @Override
        int check(Object copy) {
            Order order = (Order) copy;
            Line last = order.lines.get(Order.LINES - 1);
            return last.order.number + last.quantity + last.product.length();
        }
    },
    /** Numbers in a list. */
    INTEGERS {
        private static final int COUNT = 1000;

        @Override
        Object make(int number) {
            List<Integer> numbers = new ArrayList<>(COUNT);
            for (int i = 0; i < COUNT; i++) {
                numbers.add(number + i);
            }
            return numbers;
        }

        @Override
        int check(Object copy) {
            List<?> numbers = (List<?>) copy;
            return (Integer) numbers.get(COUNT - 1) + numbers.size();
        }
    },
    /** Bytes in one array. */
    MEBIBYTE {
        private static final int LENGTH = 1 << 20;

        @Override
        Object make(int number) {
            byte[] bytes = new byte[LENGTH];
            bytes[LENGTH - 1] = (byte) number;
            return bytes;
        }

        @Override
        int check(Object copy) {
            byte[] bytes = (byte[]) copy;
            return bytes.length + bytes[LENGTH - 1];
        }
    };

    /** A graph that differs with its number. */
    abstract Object make(int number);

    /** A number that depends on what arrived. */
    abstract int check(Object copy);

    /** Not in the enum itself: Kryo takes a constant with a body for the enum, and misses the lambda in it. */
    static final class Functions {
        private Functions() {}

        static Call<Integer, RuntimeException> capturing(int number, String text) {
            return () -> number + text.length();
        }
    }

    record Person(String name, int age, Address address, Point at) implements Serializable {}

    record Address(String street, int house) implements Serializable {}

    record Point(int x, int y) implements Serializable {}

    /** An order. */
    static final class Order implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final int LINES = 10;

        final int number;
        final String customer = "Ada Lovelace";
        final ArrayList<Line> lines = new ArrayList<>();

        Order(int number) {
            this.number = number;
            for (int i = 0; i < LINES; i++) {
                lines.add(new Line(this, "product " + i, number + i));
            }
        }
    }

    /** A line of an order. */
    static final class Line implements Serializable {
        private static final long serialVersionUID = 1L;

        final Order order;
        final String product;
        final int quantity;

        Line(Order order, String product, int quantity) {
            this.order = order;
            this.product = product;
            this.quantity = quantity;
        }
    }
}
