// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.io.Serializable;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.SignedObject;
import java.util.ArrayList;
import java.util.List;
import org.example.guarded.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.NamedCall;
import org.processional.Proxy;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.StandInException;

/** Filters of servers, slaves and clients, with every codec, in both directions; and servers that run only what they have. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class FilterTest extends OverTransports {
    private static final List<String> KINDS =
            List.of("record", "plain", "custom", "enum", "exception", "array", "class", "list", "lambda");

    private static final List<String> CODECS = List.of("river", "serial", "java");

    private static ServeOptions.Builder serving() {
        return ServeOptions.builder();
    }

    private static ClientOptions codec(String name) {
        return ClientOptions.builder().codec(name).build();
    }

    /** The classes of these tests are on the path of the server, which is in this process. */
    @Test
    void aServerRefusesCapturedValuesAndGoesOn() {
        String filter = "!org.example.guarded.Order*";
        try (Server server = serve(address("f"), serving().filter(filter).build())) {
            for (String codec : CODECS) {
                try (SlaveProcess client = client(server.address(), codec(codec))) {
                    for (String kind : KINDS) {
                        Object value = Order.value(kind);
                        Call<String, RuntimeException> call = () -> String.valueOf(value.getClass());
                        assertThatThrownBy(() -> client.invoke(call))
                                .as("%s by %s", kind, codec)
                                .isInstanceOf(CodecException.class)
                                .hasMessageContaining("org.example.guarded.Order")
                                .hasMessageContaining("is refused in process " + client.pid())
                                .hasMessageContaining("option filter");
                        assertThat(client.<Integer, RuntimeException>invoke(() -> 2))
                                .isEqualTo(2);
                    }
                    List<Object> mixed = new ArrayList<>(List.of("text", 1, List.of(2L)));
                    assertThat(client.<Integer, RuntimeException>invoke(() -> mixed.size()))
                            .isEqualTo(3);
                }
            }
        }
        assertThat(Order.Noted.count()).isZero();
    }

    @Test
    void aServerTakesNothingButWhatItsListHas() {
        String list = "org.example.guarded.**;java.base/*;!*";
        try (Server server = serve(address("f"), serving().filter(list).build());
                SlaveProcess client = client(server.address())) {
            assertThat(client.invoke(Order.one())).isEqualTo(1);
            assertThat(client.invoke(Order.capturing(new Order("x", 1)))).isEqualTo(Order.class.getName());
            assertThat(client.invoke(new Order.Counting(4))).isEqualTo(5);
            assertThatThrownBy(() -> client.<Integer, RuntimeException>invoke(() -> 1))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("a lambda of class " + FilterTest.class.getName())
                    .hasMessageContaining(list);
            assertThatThrownBy(() -> client.invoke(Order.capturing(Heavy.class)))
                    .hasMessageContaining(Heavy.class.getName());
            assertThatThrownBy(() -> client.wrap(() -> new ArrayList<>())).hasMessageContaining("is refused");
        }
    }

    /** Functions of the engine are let through: stand-ins work with any list. */
    @Test
    void standInsWorkBesideAList() {
        try (Server server =
                        serve(address("f"), serving().filter("java.base/*;!*").build());
                SlaveProcess client = client(server.address())) {
            assertThat(client.exports()).isEmpty();
            assertThat(client.names()).isEmpty();
        }
    }

    @Test
    void aClientRefusesResultsAndItsConnectionGoesOn() {
        try (Server server = serve(address("f"))) {
            for (String codec : CODECS) {
                ClientOptions refusing = codec(codec).toBuilder()
                        .filter("!org.example.guarded.Order*")
                        .build();
                try (SlaveProcess client = client(server.address(), refusing)) {
                    for (String kind : KINDS) {
                        assertThatThrownBy(() -> client.invoke(Order.returning(kind)))
                                .as("%s by %s", kind, codec)
                                .isInstanceOf(CodecException.class)
                                .hasMessageContaining("org.example.guarded.Order")
                                .hasMessageContaining("is refused");
                    }
                    assertThatThrownBy(() -> client.invoke(Order.failing()))
                            .as(codec)
                            .isInstanceOf(StandInException.class)
                            .hasMessageContaining("no such order");
                    assertThat(client.invoke(Order.one())).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void limitsOfThePatternHold() {
        String limits = "maxarray=1000;maxdepth=30;maxrefs=5000;maxbytes=20000";
        try (Server server = serve(address("f"), serving().filter(limits).build());
                SlaveProcess client = client(server.address())) {
            int[] numbers = new int[1001];
            byte[] large = new byte[200_000]; // which goes aside
            Object deep = "end";
            for (int i = 0; i < 50; i++) {
                deep = new ArrayList<>(List.of(deep));
            }
            String text = "x".repeat(30_000);
            for (Object value : List.of(numbers, large, deep, text)) {
                assertThatThrownBy(() -> client.invoke(Order.capturing(value)))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining(limits);
            }
            assertThat(client.invoke(Order.capturing(new int[900]))).isEqualTo("[I");
        }
    }

    @Test
    void aDangerousClassIsRefusedByDefault() throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        Serializable signed = new SignedObject(
                "content", keys.generateKeyPair().getPrivate(), Signature.getInstance("SHA256withRSA"));
        try (Server server = serve(address("f"))) {
            for (String codec : CODECS) {
                try (SlaveProcess client = client(server.address(), codec(codec))) {
                    for (Object value : List.of(signed, new Object[] {signed}, new SignedObject[1])) {
                        assertThatThrownBy(() -> client.invoke(Order.capturing(value)))
                                .isInstanceOf(CodecException.class)
                                .hasMessageContaining("java.security.SignedObject is refused");
                    }
                    assertThat(client.invoke(Order.one())).isEqualTo(1);
                }
            }
        }
    }

    /** The option of a slave holds at both ends, and in its JVM. */
    @Test
    void aSlaveHasAFilter() {
        SlaveOptions options =
                SlaveOptions.builder().filter("!org.example.guarded.Order").build();
        try (SlaveProcess slave = slave(options)) {
            Object order = Order.value("record");
            assertThatThrownBy(() -> slave.invoke((Call<String, RuntimeException>) () -> order.toString()))
                    .hasMessageContaining("org.example.guarded.Order is refused in process " + slave.pid());
            assertThatThrownBy(
                            () -> slave.invoke((Call<Object, RuntimeException>) () -> List.of(Order.value("record"))))
                    .hasMessageContaining("org.example.guarded.Order is refused in process "
                            + ProcessHandle.current().pid());
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 3)).isEqualTo(3);
        }
    }

    @Test
    void theFilterOfAJvmIsHonoured() {
        SlaveOptions options = SlaveOptions.builder()
                .flags("-Djdk.serialFilter=!org.example.guarded.Order")
                .build();
        try (SlaveProcess slave = slave(options)) {
            Object order = Order.value("record");
            assertThatThrownBy(() -> slave.invoke((Call<String, RuntimeException>) () -> order.toString()))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.example.guarded.Order is refused in process " + slave.pid())
                    .hasMessageContaining("jdk.serialFilter");
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 3)).isEqualTo(3);
        }
    }

    // ---- named functions only

    private static ServeOptions functions() {
        return serving()
                .function("sum", numbers -> {
                    int sum = 0;
                    for (Object number : numbers) {
                        sum += (int) number;
                    }
                    return sum;
                })
                .function("keep", any -> new Object())
                .function(
                        "type",
                        any -> any[0] == null ? "null" : any[0].getClass().getName())
                .function("fail", any -> {
                    throw new java.io.IOException("no disk");
                })
                .build();
    }

    @Test
    void aServerRunsOnlyTheFunctionsThatItHas() throws Exception {
        try (Server server = serve(address("n"), functions());
                SlaveProcess client = client(server.address())) {
            assertThat(client.<Integer, Exception>invoke(NamedCall.of("sum", 1, 2, 3)))
                    .isEqualTo(6);
            assertThat(client.schedule(NamedCall.<Integer>of("sum")).await()).isZero();
            assertThat(client.thread(NamedCall.<Integer>of("sum", 7)).await()).isEqualTo(7);
            assertThat(client.<String, Exception>invoke(NamedCall.of("type", new Order("x", 1))))
                    .isEqualTo(Order.class.getName());
            assertThat(client.<String, Exception>invoke(NamedCall.of("type", (Object) null)))
                    .isEqualTo("null");
            assertThatThrownBy(() -> client.invoke(NamedCall.of("fail")))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessage("no disk");
            assertThatThrownBy(() -> client.invoke(NamedCall.of("rm")))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no function \"rm\"")
                    .hasMessageContaining("[fail, keep, sum, type]");
        }
    }

    /** As the security page has it. */
    @Test
    void argumentsOfNamedFunctionsAreFiltered() throws Exception {
        ServeOptions strict = functions().toBuilder().filter("java.base/*;!*").build();
        try (Server server = serve(address("n"), strict);
                SlaveProcess client = client(server.address())) {
            assertThat(client.<Integer, Exception>invoke(NamedCall.of("sum", 1, 2)))
                    .isEqualTo(3);
            assertThatThrownBy(() -> client.invoke(NamedCall.of("type", new Order("x", 1))))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("org.example.guarded.Order is refused");
        }
    }

    @Test
    void functionsOfClientsAreRefusedByTheirClass() throws Exception {
        try (Server server = serve(address("n"), functions())) {
            for (String codec : CODECS) {
                try (SlaveProcess client = client(server.address(), codec(codec))) {
                    assertThatThrownBy(() -> client.invoke(Order.one()))
                            .isInstanceOf(CodecException.class)
                            .hasMessageContaining(Order.class.getName())
                            .hasMessageContaining("[fail, keep, sum, type]");
                    assertThatThrownBy(() -> client.invoke(new Order.Counting(1)))
                            .isInstanceOf(CodecException.class)
                            .hasMessageContaining(Order.Counting.class.getName());
                    assertThatThrownBy(() -> client.invoke(NamedCall.of("type", Order.capturing(1))))
                            .isInstanceOf(CodecException.class)
                            .hasMessageContaining("is refused");
                    for (Call<?, ?> disguised :
                            List.of(new Order.Disguised(), NamedCall.of("type", new Order.Disguised()))) {
                        assertThatThrownBy(() -> client.invoke(disguised))
                                .isInstanceOf(CodecException.class)
                                .hasMessageContaining("lambda")
                                .hasMessageContaining("is refused");
                    }
                    assertThatThrownBy(client::exports).isInstanceOf(CodecException.class);
                    assertThat(client.<Integer, Exception>invoke(NamedCall.of("sum", 1)))
                            .isEqualTo(1);
                }
            }
        }
    }

    /** What a client can do to a server beside running functions. */
    @Test
    void nothingElseOfTheServerIsForClients() throws Exception {
        try (Server server = serve(address("n"), functions());
                SlaveProcess client = client(server.address())) {
            assertThatThrownBy(client::stop).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(client::persist).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(client::names).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(() -> client.remove("x")).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(() -> client.wrap("x", NamedCall.of("keep"))).isInstanceOf(ConnectionException.class);
            try (Proxy<Object> kept = client.wrap(NamedCall.of("keep"))) {
                assertThatThrownBy(kept::get).isInstanceOf(CodecException.class);
                assertThatThrownBy(kept::stub).isInstanceOf(CodecException.class);
                assertThat(client.<String, Exception>invoke(NamedCall.of("type", kept)))
                        .as("a proxy goes home")
                        .contains("OwnedProxy");
            }
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void elsewhereANamedCallFindsNothing() {
        try (Server server = serve(address("n"));
                SlaveProcess client = client(server.address())) {
            assertThatThrownBy(() -> client.invoke(NamedCall.of("sum", 1)))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no function \"sum\"");
        }
        assertThatThrownBy(() -> NamedCall.of("sum").call()).isInstanceOf(ConnectionException.class);
    }
}
