// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processional.spi.Stub;

class StubCallsTest {
    /** An interface of the application. */
    public interface Service {}

    /** An interface of a plugin. */
    public interface Extra {}

    /** Has an interface of its own, and else what the application has. */
    private static final class Plugin extends ClassLoader {
        private final String own;

        Plugin(String own) {
            super(StubCallsTest.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(own)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static Class<?> ofPlugin() throws ClassNotFoundException {
        return Class.forName(Extra.class.getName(), false, new Plugin(Extra.class.getName()));
    }

    @Test
    void interfacesOfTwoLoadersAreSeenByTheInnerOne() throws Exception {
        Class<?> extra = ofPlugin();
        Object stub = StubCalls.make(null, List.of(Service.class, extra, Runnable.class));
        assertThat(stub)
                .isInstanceOf(Service.class)
                .isInstanceOf(Runnable.class)
                .isInstanceOf(Stub.class);
        assertThat(extra.isInstance(stub)).isTrue();
    }

    @Test
    void whatNoLoaderSeesTogetherIsLeftOut() throws Exception {
        Class<?> one = ofPlugin();
        Class<?> other = ofPlugin();
        Object stub = StubCalls.make(null, List.of(Service.class, one, other));
        assertThat(stub).isInstanceOf(Service.class);
        assertThat(one.isInstance(stub)).isTrue();
        assertThat(other.isInstance(stub)).isFalse();
    }

    @Test
    void interfacesOfTheJdkAloneAreEnough() {
        assertThat(StubCalls.make(null, List.of(List.class, Runnable.class)))
                .isInstanceOf(List.class)
                .isInstanceOf(Runnable.class);
    }
}
