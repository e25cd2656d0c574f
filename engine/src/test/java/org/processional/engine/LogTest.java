// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.ChildJvm;

@Timeout(120)
class LogTest {
    /** A task of a client, whose code is what the context of the thread has, logs first of all. */
    static final class FirstOfAll {
        private FirstOfAll() {}

        public static void main(String[] arguments) {
            List<String> asked = new CopyOnWriteArrayList<>();
            ClassLoader client = new ClassLoader(null) {
                @Override
                protected URL findResource(String name) {
                    asked.add(name);
                    Log.engine()
                            .debug("{} is asked for", name); // as the loader of shipped code does where it is cut off
                    return null;
                }
            };
            Thread.currentThread().setContextClassLoader(client);
            Log.engine().warn("something to log");
            System.out.println("asked " + asked + ", in the context of the client: "
                    + (Thread.currentThread().getContextClassLoader() == client));
        }
    }

    @Test
    void theBackEndIsNotConfiguredByTheCodeOfAClient() throws Exception {
        assertThat(ChildJvm.run(FirstOfAll.class))
                .contains("something to log")
                .contains("asked [], in the context of the client: true");
    }
}
