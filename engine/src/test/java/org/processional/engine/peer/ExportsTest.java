// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.processional.ProxyException;
import org.processional.tck.JavaCodec;

/** What a connection may hold of this process, and how many names it may make. */
class ExportsTest {
    private static final Home NOWHERE = request -> {
        throw new IllegalStateException("nothing runs here");
    };

    private final Exports exports = Exports.HERE;
    private final Exports.Held held = held(2);
    private final int before = exports.list().size();

    private static Exports.Held held(int most) {
        return new Exports.Held(
                new Handshake.Partner("other", 4711, 16, new JavaCodec(), 0, Handshake.Role.CLIENT), most);
    }

    @AfterEach
    void nothingIsLeft() {
        for (String name : exports.names()) {
            exports.remove(name);
        }
        exports.releaseAll(held);
        assertThat(exports.list()).hasSize(before);
    }

    /** What a wrap does that has come, and is answered. */
    private long wrap(Exports.Held by, String name, Object object) {
        return exports.sent(by, exports.keep(name, object, NOWHERE));
    }

    @Test
    void aNameIsTakenWithTheObject() {
        wrap(held, "a", "first");
        assertThat(exports.named("a").object).isEqualTo("first");
        wrap(held, "a", "second");
        assertThat(exports.named("a").object).isEqualTo("second");
    }

    @Test
    void aWrapThatIsRefusedLeavesTheNameAsItWas() {
        wrap(held, "a", "first");
        wrap(held, null, "another");
        assertThatThrownBy(() -> wrap(held, "a", "second"))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("keeps 2 objects for process 4711");
        assertThat(exports.named("a").object).isEqualTo("first");
        assertThat(exports.list()).hasSize(before + 2);
    }

    @Test
    void aWrapThatIsNeverAnsweredKeepsNothing() {
        exports.keep("a", "object", NOWHERE);
        assertThat(exports.names()).isEmpty();
        assertThat(exports.list()).hasSize(before);
    }

    @Test
    void namesAreBoundedForWhoMakesThem() {
        for (String name : new String[] {"a", "b"}) {
            exports.release(held, wrap(held, name, name), 1); // the name holds it
        }
        assertThatThrownBy(() -> wrap(held, "c", "c"))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("keeps 2 names for process 4711")
                .hasMessageContaining("limit exports")
                .hasMessageContaining("\"c\"");
        assertThat(exports.names()).containsExactly("a", "b");

        exports.release(held, wrap(held, "a", "in its place"), 1); // is not one more
        assertThat(exports.named("a").object).isEqualTo("in its place");

        Exports.Held other = held(1);
        exports.release(other, wrap(other, "b", "of another"), 1); // which is the other's now
        exports.release(held, wrap(held, "c", "c"), 1);
        assertThatThrownBy(() -> wrap(other, "d", "d")).hasMessageContaining("keeps 1 names");
        assertThat(exports.remove("b")).isTrue();
        exports.release(other, wrap(other, "d", "d"), 1);
        assertThat(exports.names()).containsExactly("a", "c", "d");
    }

    @Test
    void namesStayWhenTheirMakerHasGone() {
        Exports.Held other = held(1);
        wrap(other, "a", "object");
        exports.releaseAll(other);
        assertThat(exports.named("a").object).isEqualTo("object");
        assertThat(exports.remove("a")).isTrue();
    }
}
