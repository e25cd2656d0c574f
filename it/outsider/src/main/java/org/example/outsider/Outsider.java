// SPDX-License-Identifier: Apache-2.0
package org.example.outsider;

import static org.processional.Processional.client;
import static org.processional.Processional.export;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;

import java.io.IOException;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;

/** A program whose module requires org.processional, and exports and opens nothing. */
public final class Outsider {
    private Outsider() {}

    private record Point(int x, int y) implements Serializable {
        Point {
            if (x < 0) {
                throw new IllegalArgumentException("x is " + x);
            }
        }
    }

    private enum Colour {
        RED {
            @Override
            int code() {
                return 1;
            }
        };

        abstract int code();
    }

    private static final class Trouble extends IOException {
        private static final long serialVersionUID = 1L;

        Trouble(String message) {
            super(message);
        }
    }

    private static Point fail(Point point) throws Trouble {
        throw new Trouble("at " + point);
    }

    /** Prints a line for each thing that worked. */
    public static void main(String[] arguments) {
        System.out.println("module " + Outsider.class.getModule().isNamed());
        System.out.println("thread " + thread(() -> 1).await());
        try (SlaveThread slave = slaveThread()) {
            System.out.println("slave thread " + slave.<Integer, RuntimeException>invoke(() -> 2));
        }
        try (SlaveProcess slave = slave()) {
            Point point = new Point(3, 4);
            List<Integer> live = slave.<List<Integer>>wrap(() -> new ArrayList<>(List.of(1, 2)))
                    .stub();
            live.add(point.x());
            System.out.println("live " + live);
            System.out.println("record " + slave.invoke(() -> new Point(point.y(), point.x())));
            Colour colour = Colour.RED;
            System.out.println("enum " + slave.invoke(() -> colour).code());
            Proxy<List<Point>> points = slave.wrap(() -> new ArrayList<>(List.of(point)));
            System.out.println("proxy " + slave.invoke(() -> points.get().get(0)));
            System.out.println("module there "
                    + slave.invoke(() -> Outsider.class.getModule().isNamed()));
            try {
                slave.invoke(() -> fail(point));
            } catch (Trouble e) {
                System.out.println("exception " + e.getMessage());
            }
            System.out.println("own interface " + greet(slave));
            Greeter here = new Hello();
            try (Proxy<Greeter> with = export(here, MethodHandles.lookup());
                    Proxy<Greeter> without = export(here)) {
                System.out.println("exported with a lookup " + greetBack(slave, with));
                System.out.println("exported without " + greetBack(slave, without));
            }
        }
        try (Server server =
                        serve("unix:/tmp/outsider-" + ProcessHandle.current().pid());
                SlaveProcess self = client(server.address())) {
            System.out.println("in a JVM of one's own " + greet(self));
        }
    }

    /** An interface of a package that the module does not export. */
    public interface Greeter {
        /** A greeting. */
        String greet();
    }

    private static final class Hello implements Greeter {
        @Override
        public String greet() {
            return "hello";
        }
    }

    /** The slave calls the object of this process. */
    private static String greetBack(SlaveProcess slave, Proxy<Greeter> proxy) {
        try {
            return slave.invoke(() -> proxy.as(Greeter.class).greet());
        } catch (ProxyException e) {
            return e.getMessage().replaceFirst(".*(give export\\(\\) a \\S+) of its module.*", "says: $1");
        }
    }

    private static String greet(SlaveProcess slave) {
        try {
            return slave.wrap(Greeter.class, () -> new Hello()).greet();
        } catch (ProxyException e) {
            return e.getMessage().replaceFirst(".*(--add-exports \\S+).*", "needs $1");
        }
    }
}
