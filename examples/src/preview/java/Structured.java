// SPDX-License-Identifier: Apache-2.0
import static org.processional.Processional.slave;

import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import org.processional.SlaveProcess;

/** Subtasks of a scope that call a slave; a preview of Java 25, so a test starts it with a JVM of its own. */
public class Structured {
    public static void main(String[] args) throws InterruptedException {
        try (SlaveProcess process = slave()) {
            try (var scope = StructuredTaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
                for (int i = 1; i <= 3; i++) {
                    int number = i;
                    scope.fork(() -> process.invoke(() -> number * number));
                }
                int sum = scope.join().mapToInt(subtask -> subtask.get()).sum();
                System.out.println("the squares add up to " + sum);
            }
        }
    }
}
